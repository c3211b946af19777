import Testing

@testable import treec

@Suite struct RowFormatTests {
  @Test(arguments: [
    ("{\"a\": 1}\n", RowFormat.ndjson), (" \r\n\t{ \t\"a", .ndjson), ("{}", .ndjson),
    ("{ } \r\n{\"a\":1}", .ndjson), ("\u{FEFF}{\"a\"", .ndjson), ("", .csv), ("{", .csv),
    ("a,b\n", .csv), ("{},a\n", .csv), ("{a},b\n", .csv), ("\"{\"\"\"\n", .csv), ("[1]", .csv),
    ("\u{FEFF}", .csv), ("{ ", .csv),
    ("{}\n0.5\n", .csv), ("{}\n\"\"\n", .csv), ("{}\r\n{}\r\n", .ndjson), ("{}\n", .ndjson),
  ])
  func `Objects are NDJSON, names that begin with a brace are not`(
    text: String, format: RowFormat
  ) {
    let bytes = Array(text.utf8)
    #expect(RowFormat(of: bytes.span) == format)
  }
}
