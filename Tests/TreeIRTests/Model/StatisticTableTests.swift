import TestSupport
import Testing

@testable import TreeIR

/// Searches for many keys at once find what searches for one find.
@Suite struct StatisticTableTests {
  @Test(arguments: [0, 1, 2, 3, 10, 100, 3000], 0..<3)
  func `Many keys at once`(count: Int, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    // Neighbours in one half of the tests, so that searches go on from bucket to bucket.
    let keys = (0..<UInt64(count)).map { seed == 0 ? $0 : random.next() >> 1 }
    let table = try StatisticTable(
      records: keys.map { (key: $0, counts: [1], sum: nil) }, classCount: 1)
    let wanted =
      keys + [StatisticTable.emptyKey] + (0..<200).map { _ in random.next() }
      + (0..<50).map { $0 }
    var buckets = [Int](repeating: -7, count: wanted.count)
    wanted.withUnsafeBufferPointer { wanted in
      buckets.withUnsafeMutableBufferPointer { buckets in
        guard let base = buckets.baseAddress else { return }
        StatisticTableView(table).findBuckets(of: wanted, into: base)
      }
    }
    #expect(buckets == wanted.map { table.bucket(of: $0) ?? -1 })
    #expect(Set(buckets.prefix(count)).count == count && !buckets.prefix(count).contains(-1))
  }

  @Test func `Searches go past the last bucket to the first`() throws {
    // All of these would lie in the last bucket.
    let keys = (0..<UInt64(100_000)).filter {
      StatisticTable.home(of: $0, bucketCount: 16) == 15
    }.prefix(6)
    let table = try StatisticTable(
      records: keys.map { (key: $0, counts: [1], sum: nil) }, classCount: 1)
    #expect(table.keys.count == 16 && keys.count == 6)
    var buckets = [Int](repeating: -7, count: keys.count)
    Array(keys).withUnsafeBufferPointer { wanted in
      buckets.withUnsafeMutableBufferPointer { buckets in
        guard let base = buckets.baseAddress else { return }
        StatisticTableView(table).findBuckets(of: wanted, into: base)
      }
    }
    #expect(buckets == [15, 0, 1, 2, 3, 4])
  }
}
