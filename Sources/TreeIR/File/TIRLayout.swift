/// The fixed parts of a `.tir` file; the article <doc:TIRFormat> describes every field.
enum TIRLayout {
  /// Damaged by anything that rewrites line ends or strips the eighth bit.
  static let magic: [UInt8] = [0x89, 0x54, 0x49, 0x52, 0x0D, 0x0A, 0x1A, 0x0A]
  static let majorVersion: UInt16 = 0
  static let minorVersion: UInt16 = 1
  static let headerSize = 64
  static let entrySize = 40
  /// Sections begin at multiples of it.
  static let alignment = 64
  static let requiredFlag: UInt16 = 1
  static let sectionVersion: UInt16 = 1
  static let maximumSections = 1 << 20

  static func aligned(_ offset: Int) -> Int {
    (offset + alignment - 1) / alignment * alignment
  }
}

/// One row of the section table.
struct SectionTableEntry {
  let id: UInt32
  let instance: UInt32
  let version: UInt16
  let flags: UInt16
  let offset: UInt64
  let length: UInt64
  let checksum: UInt64

  var isRequired: Bool { flags & TIRLayout.requiredFlag != 0 }
}
