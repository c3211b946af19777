/// Where the parts of a ``StatisticTable`` lie: for loops that look up many combinations. Unlike the
/// table it is copied without any count of references.
///
/// - Warning: Valid as long as the table or a copy of it lives: what a column holds, is never
///   changed or moved.
package struct StatisticTableView: @unchecked Sendable {
  package let keys: UnsafePointer<UInt64>
  /// A power of two.
  package let bucketCount: Int
  /// `classCount` a bucket.
  package let counts: UnsafePointer<Int32>
  /// One a bucket; nil unless the statistic is a target mean.
  package let sums: UnsafePointer<Float>?
  package let classCount: Int
  package let counterDenominator: Int32

  /// - Precondition: `table` has passed the validator.
  package init(_ table: StatisticTable) {
    guard let keys = table.keys.address, let counts = table.counts.address else {
      preconditionFailure("a table without buckets")
    }
    precondition(table.counts.count == table.keys.count * table.classCount)
    precondition(table.sums.isEmpty || table.sums.count == table.keys.count)
    (self.keys, bucketCount) = (keys, table.keys.count)
    (self.counts, classCount) = (counts, table.classCount)
    sums = table.sums.isEmpty ? nil : table.sums.address
    counterDenominator = table.counterDenominator
  }

  /// Writes for each of the keys `wanted` the bucket that holds it to `buckets`, or −1 where none
  /// does, as ``StatisticTable/bucket(of:)`` finds it.
  ///
  /// The home buckets of all keys are read before any search goes on from there, so that the
  /// processor waits for many lines of memory at once and not for one after the other.
  package func findBuckets(
    of wanted: UnsafeBufferPointer<UInt64>, into buckets: UnsafeMutablePointer<Int>
  ) {
    var misplaced = 0
    for place in 0..<wanted.count {
      let key = wanted[place]
      let home = StatisticTable.home(of: key, bucketCount: bucketCount)
      let found = keys[home]
      let isEmpty = found == StatisticTable.emptyKey
      let isElsewhere = !isEmpty && found != key
      misplaced += isElsewhere ? 1 : 0
      // Where another key lies, a number below −1 that tells from which bucket to go on.
      buckets[place] = isEmpty ? -1 : isElsewhere ? -2 - home : home
    }
    guard misplaced > 0 else { return }
    for place in 0..<wanted.count where buckets[place] < -1 {
      var bucket = (-1 - buckets[place]) & (bucketCount - 1)
      while keys[bucket] != wanted[place], keys[bucket] != StatisticTable.emptyKey {
        bucket = (bucket + 1) & (bucketCount - 1)
      }
      buckets[place] = keys[bucket] == StatisticTable.emptyKey ? -1 : bucket
    }
  }
}

extension Column {
  /// Where the values lie: in the file, or in an array, whose elements stay where they are while
  /// nobody changes them.
  fileprivate var address: UnsafePointer<Element>? {
    span.withUnsafeBufferPointer { $0.baseAddress }
  }
}
