/// Why a CSV text was refused, and where.
public struct CSVError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Equatable, Sendable {
    /// The text ends within a quoted field; the place is that of its opening quote.
    case unterminatedQuote
    /// A closing quote is followed by something other than a delimiter or a line end.
    case textAfterQuote
    /// A record, or what is in memory of it, is longer than the limit, in bytes.
    case recordTooLong(limit: Int)
    /// A record has more fields than the limit.
    case tooManyFields(limit: Int)
    /// The delimiter is a quote, a line end, part of numbers, or not ASCII.
    case invalidDelimiter(UInt8)
  }

  public let kind: Kind
  /// The number of the record, from 1; the header counts, blank lines do not.
  public let record: Int
  /// The place in the text.
  public let location: TextLocation

  public init(_ kind: Kind, record: Int, location: TextLocation) {
    self.kind = kind
    self.record = record
    self.location = location
  }

  public var description: String { "\(message) at \(location) (record \(record))" }

  /// What is wrong, without the place.
  public var message: String {
    switch kind {
    case .unterminatedQuote:
      "a quoted field has no closing quote"
    case .textAfterQuote:
      "a closing quote must be followed by a delimiter or a line end; "
        + "a quote in a quoted field is written twice"
    case .recordTooLong(let limit):
      "the record is longer than the limit of \(limit) bytes"
    case .tooManyFields(let limit):
      "the record has more than the limit of \(limit) fields"
    case .invalidDelimiter(let byte):
      "byte \(byte) cannot be the delimiter of fields"
    }
  }
}
