import Testing

@testable import TextCodec

/// Texts of dates and times are taken as Java's ISO formats take them, without zones.
@Suite struct CalendarTextTests {
  @Test(
    arguments: [
      ("1970-01-01", 0), ("1970-01-02", 1), ("1969-12-31", -1), ("2024-02-29", 19_782),
      ("1900-01-01", -25_567), ("0000-01-01", -719_528), ("-0001-12-31", -719_529),
      ("+12024-02-29", 3_672_207), ("+02024-02-29", 19_782),
    ] as [(String, Int)])
  func dates(_ text: String, _ days: Int) {
    let bytes = Array(text.utf8)
    #expect(CalendarText.date(bytes.span) == days)
  }

  @Test(arguments: [
    "", "2023-02-29", "1900-02-29", "2024-2-9", "20240229", "2024-02-29T10:11:12", " 2024-02-29",
    "2024-02-29 ", "+2024-02-29", "12024-02-29", "-0000-01-01", "2024-00-01", "2024-13-01",
    "2024-01-00", "2024-04-31", "+1000000000-01-01", "29/02/2024", "abc",
  ])
  func textsThatAreNoDates(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(CalendarText.date(bytes.span) == nil)
    #expect(CalendarText.dateTime(bytes.span) == nil || text.contains("T"))
  }

  @Test(
    arguments: [
      ("00:00", 0), ("10:11", 36_660), ("10:11:12", 36_672), ("10:11:12.", 36_672),
      ("10:11:12.5", 36_672.5), ("23:59:59.999999999", 86_399.999999999), ("24:00:00", nil),
      ("10:60:00", nil), ("10:11:60", nil), ("1:11:12", nil), ("10:11.5", nil), ("10:11:.5", nil),
      ("10:11:12.1234567891", nil), ("10:11:12Z", nil),
    ] as [(String, Double?)])
  func times(_ text: String, _ seconds: Double?) {
    let bytes = Array(text.utf8)
    #expect(CalendarText.time(bytes.span) == seconds)
  }

  @Test(
    arguments: [
      ("1970-01-01T00:00:01", 1), ("1970-01-01t00:00", 0), ("1969-12-31T23:59:58.5", -1.5),
      ("2024-02-29T10:11:12", 1_709_201_472), ("-2024-02-29T10:11:12", -126_033_371_328),
      ("2024-02-29 10:11:12", nil), ("2024-02-29T10:11:12Z", nil), ("2024-02-29T24:00:00", nil),
      ("2024-02-29T1:11:12", nil), ("2024-02-29T", nil),
    ] as [(String, Double?)])
  func datesWithTimes(_ text: String, _ seconds: Double?) {
    let bytes = Array(text.utf8)
    #expect(CalendarText.dateTime(bytes.span) == seconds)
  }

  @Test(
    arguments: [
      ("10:11:12", 36_672), ("24:00:00", 86_400), ("1:00:00", 3600), ("9999:00:00", 35_996_400),
      ("-1:30:00", -5400), ("001:02:03", 3723), ("10000:00:00", nil), ("+1:00:00", nil),
      ("10:11", nil), ("1:2:3", nil), ("10:11:12.5", nil), ("10:11:60", nil), ("", nil), ("-", nil),
    ] as [(String, Int?)])
  func spansOfTime(_ text: String, _ seconds: Int?) {
    let bytes = Array(text.utf8)
    #expect(CalendarText.seconds(bytes.span) == seconds)
  }

  @Test func daysAndDatesAreInverse() {
    for days in stride(from: -1_000_000, through: 1_000_000, by: 997) {
      let (year, month, day) = CalendarText.day(days)
      #expect(CalendarText.days(year: year, month: month, day: day) == days)
      #expect((1...12).contains(month) && (1...31).contains(day))
    }
  }
}
