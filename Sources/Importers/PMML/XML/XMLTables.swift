/// Numbers of things that are told apart by their address.
struct PointerTable {
  private var slots: [(key: UInt, number: Int)] = Array(repeating: (0, 0), count: 64)
  private var count = 0

  private func slot(of key: UInt) -> Int {
    let mask = slots.count - 1
    // Addresses differ in their middle bits.
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while slots[slot].key != key, slots[slot].key != 0 { slot = (slot + 1) & mask }
    return slot
  }

  subscript(pointer: UnsafePointer<UInt8>) -> Int? {
    let key = UInt(bitPattern: pointer)
    let slot = slots[slot(of: key)]
    return slot.key == key ? slot.number : nil
  }

  /// The pointer must be new.
  mutating func insert(_ pointer: UnsafePointer<UInt8>, _ number: Int) {
    if count * 2 >= slots.count {
      let old = slots
      slots = Array(repeating: (0, 0), count: old.count * 2)
      for entry in old where entry.key != 0 { slots[slot(of: entry.key)] = entry }
    }
    let key = UInt(bitPattern: pointer)
    slots[slot(of: key)] = (key, number)
    count += 1
  }
}

/// Texts that come again and again, each kept once.
struct TextTable {
  /// The text that was last seen in each place.
  private var recent: [String] = Array(repeating: "", count: 1024)

  /// The bytes as a text.
  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    // Short texts are kept in place anyway.
    guard bytes.count > 15, bytes.count <= 256 else {
      return String(decoding: bytes, as: UTF8.self)
    }
    var hash: UInt = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt(byte)) &* 0x100_0000_01B3 }
    let place = Int((hash ^ hash >> 20) & 1023)
    let isKnown = recent[place].utf8.withContiguousStorageIfAvailable { known in
      known.count == bytes.count && known.elementsEqual(bytes)
    }
    if isKnown == true { return recent[place] }
    let text = String(decoding: bytes, as: UTF8.self)
    recent[place] = text
    return text
  }
}
