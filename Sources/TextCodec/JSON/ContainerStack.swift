/// The open containers of a JSON text, one bit each. Up to 64 need no allocation.
struct ContainerStack: Sendable {
  enum Container: Sendable {
    case object, array
  }

  private(set) var count = 0
  /// The bits of the innermost containers, the last one lowest.
  private var bits: UInt64 = 0
  /// Full words of outer containers.
  private var outer: [UInt64] = []

  @inline(__always)
  mutating func push(_ container: Container) {
    if count > 0 && count % 64 == 0 { outer.append(bits) }
    bits = bits << 1 | (container == .array ? 1 : 0)
    count &+= 1
  }

  /// Removes the innermost container. Does nothing where there is none.
  @inline(__always)
  mutating func pop() {
    guard count > 0 else { return }
    count &-= 1
    bits >>= 1
    if count > 0 && count % 64 == 0, let word = outer.popLast() { bits = word }
  }

  /// The innermost container.
  @inline(__always)
  var last: Container? {
    guard count > 0 else { return nil }
    return bits & 1 == 1 ? .array : .object
  }
}
