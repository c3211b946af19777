import Testing

@testable import Serve

@Suite struct ScoringServiceTests {
}
