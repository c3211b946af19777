/// Memory for kernels: aligned to cache lines, filled once and then only read.
final class AlignedBuffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  let count: Int
  /// The first element; never nil, also when there are none.
  let base: UnsafePointer<Element>

  private static var alignment: Int { 64 }

  /// Copies `elements`, and makes room for `padding` more, which are `filler`.
  init(_ elements: [Element], padding: Int = 0, filler: Element) {
    count = elements.count
    let capacity = max(elements.count + padding, 1)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Element>.stride, alignment: Self.alignment)
    let start = memory.bindMemory(to: Element.self, capacity: capacity)
    start.initialize(repeating: filler, count: capacity)
    for (position, element) in elements.enumerated() { start[position] = element }
    base = UnsafePointer(start)
  }

  deinit { UnsafeMutablePointer(mutating: base).deallocate() }

  var byteCount: Int { count * MemoryLayout<Element>.stride }
}

/// Memory that kernels write to, aligned to cache lines; one owner, one thread at a time.
final class ScratchBuffer: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) {
    self.byteCount = byteCount
    base = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: max(byteCount, 64))
  }

  deinit { base.deallocate() }
}
