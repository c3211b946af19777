/// An immutable column of fixed-width values: either an array, or a part of a mapped
/// `.tir` file that is read where it lies.
///
/// Copying a column never copies its values. Access is inlinable, so that loops in other
/// modules are compiled for their element type.
public struct Column<Element: BitwiseCopyable & Sendable>: RandomAccessCollection, Sendable {
  @usableFromInline
  enum Storage: Sendable {
    case array([Element])
    case mapped(FileBytes, offset: Int, count: Int)
  }

  @usableFromInline let storage: Storage

  /// A column that holds `elements`.
  public init(_ elements: [Element]) {
    storage = .array(elements)
  }

  /// A column that reads `count` values at byte `offset` of `file`.
  ///
  /// - Precondition: the range lies inside the file and is aligned for `Element`.
  init(mapping file: FileBytes, offset: Int, count: Int) {
    _ = file.elements(Element.self, offset: offset, count: count)
    storage = .mapped(file, offset: offset, count: count)
  }

  @inlinable public var startIndex: Int { 0 }

  @inlinable public var endIndex: Int {
    switch storage {
    case .array(let elements): elements.count
    case .mapped(_, _, let count): count
    }
  }

  @inlinable public subscript(position: Int) -> Element {
    switch storage {
    case .array(let elements): elements[position]
    case .mapped(let file, let offset, let count):
      file.elements(Element.self, offset: offset, count: count)[checked: position]
    }
  }

  /// The values as contiguous memory; the way for loops that read many of them.
  public var span: Span<Element> {
    @_lifetime(borrow self)
    @inlinable get {
      switch storage {
      case .array(let elements):
        let span = elements.span
        return unsafe _overrideLifetime(span, borrowing: self)
      case .mapped(let file, let offset, let count):
        let elements = file.elements(Element.self, offset: offset, count: count)
        let span = Span(_unsafeElements: elements)
        return unsafe _overrideLifetime(span, borrowing: self)
      }
    }
  }
}

extension UnsafeBufferPointer {
  /// The element at `position`, which is checked also in optimised builds.
  @inlinable subscript(checked position: Int) -> Element {
    precondition(position >= 0 && position < count, "index out of range")
    return self[position]
  }
}

extension Column: Equatable where Element: Equatable {
  public static func == (left: Column, right: Column) -> Bool {
    left.elementsEqual(right)
  }
}

extension Column: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Element...) {
    self.init(elements)
  }
}
