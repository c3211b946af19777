/// Finds where a text that comes in pieces can be cut so that every record stays whole.
///
/// The text so far lies in a buffer of the caller, which begins with a record; bytes are added at
/// its end. Once it has been cut, the rest is the beginning of the next buffer, of which nothing is
/// looked at a second time.
public struct RecordCutter: Sendable {
  /// What a record is.
  public enum Form: Sendable {
    /// CSV as ``CSVReader`` reads it: line ends in quotes end no record.
    case csv(delimiter: UInt8 = 0x2C)
    /// A line, which ends with `\n`.
    case lines
  }

  private let form: Form
  /// The first byte that was not looked at yet.
  private var scanned = 0
  /// The end of the last record that is known to be whole; 0 where there is none.
  private var end = 0
  private var isInQuotes = false
  /// Whether the buffer begins with the text's first byte.
  private var isAtStart = true

  public init(_ form: Form) {
    self.form = form
  }

  /// Looks at the bytes that have been added to `buffer`.
  ///
  /// - Returns: The offset at which to cut: the end of the last record that is known to be whole. 0
  ///   if there is none.
  public mutating func lastEnd(in buffer: Span<UInt8>) -> Int {
    switch form {
    case .lines:
      let newline = Self.lastOffset(of: ascii("\n"), in: buffer, scanned..<buffer.count)
      if let newline { end = newline + 1 }
      scanned = buffer.count
    case .csv(let delimiter):
      scan(buffer, delimiter)
    }
    return end
  }

  /// Says that the buffer has been cut at what ``lastEnd(in:)`` returned last.
  public mutating func cut() {
    scanned -= end
    isAtStart = isAtStart && end == 0
    end = 0
  }

  /// Goes from quote to quote. One that begins no field is a character like any other.
  private mutating func scan(_ buffer: Span<UInt8>, _ delimiter: UInt8) {
    var index = scanned
    // The byte before tells whether the first one belongs to a line end, or to a doubled quote.
    var outside = max(index - 1, 0)
    while true {
      let quote = ByteKernels.firstOffset(of: ascii("\""), in: buffer, from: index)
      if isInQuotes {
        guard let quote, quote + 1 < buffer.count else {
          // Whether the quote is doubled, the next byte will tell.
          scanned = quote ?? buffer.count
          return
        }
        index = quote + 1
        if buffer[index] == ascii("\"") {
          index += 1
        } else {
          isInQuotes = false
          outside = index
        }
      } else {
        if let quote, !beginsField(quote, buffer, delimiter) {
          index = quote + 1
          continue
        }
        findEnd(in: buffer, outside..<(quote ?? buffer.count))
        guard let quote else {
          scanned = buffer.count
          return
        }
        isInQuotes = true
        index = quote + 1
      }
    }
  }

  private func beginsField(_ quote: Int, _ buffer: Span<UInt8>, _ delimiter: UInt8) -> Bool {
    if quote == 0 { return true }
    let before = buffer[quote - 1]
    if before == delimiter || before == ascii("\n") || before == ascii("\r") { return true }
    return isAtStart && quote == 3 && buffer[0] == 0xEF && buffer[1] == 0xBB && buffer[2] == 0xBF
  }

  /// Takes the last record end in a part of the buffer outside of quotes. `\r` is one if the byte
  /// that follows is there and no `\n`.
  private mutating func findEnd(in buffer: Span<UInt8>, _ part: Range<Int>) {
    if let newline = Self.lastOffset(of: ascii("\n"), in: buffer, part) {
      end = max(end, newline + 1)
    }
    var tail = max(part.lowerBound, end)..<part.upperBound
    while !tail.isEmpty, let carriage = Self.lastOffset(of: ascii("\r"), in: buffer, tail) {
      if carriage + 1 < buffer.count {
        end = carriage + 1
        return
      }
      tail = tail.lowerBound..<carriage
    }
  }

  private static func lastOffset(
    of byte: UInt8, in buffer: Span<UInt8>, _ part: Range<Int>
  ) -> Int? {
    guard !part.isEmpty else { return nil }
    return buffer.extracting(part).withUnsafeBytes { bytes in
      var index = bytes.count
      while index > 0 {
        index &-= 1
        if bytes[index] == byte { return part.lowerBound + index }
      }
      return nil
    }
  }
}
