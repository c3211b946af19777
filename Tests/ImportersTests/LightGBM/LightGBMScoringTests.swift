import TestSupport
import Testing

@Suite("Every model of the LightGBM fixtures gives LightGBM's own answers")
struct LightGBMScoringTests {
  @Test(arguments: Fixture.lightGBM)
  func text(_ fixture: Fixture) throws {
    try fixture.check(try fixture.importText())
  }

  @Test(arguments: Fixture.lightGBMWithJSON)
  func json(_ fixture: Fixture) throws {
    try fixture.check(try fixture.importJSON())
  }
}
