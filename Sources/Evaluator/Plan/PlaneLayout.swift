import KernelViews
import KernelsBaseline

/// Which plane holds which predicate. Planes 0 and 1 are constant; those of the threshold columns
/// follow, then those of the class columns, then what programs write in passing.
struct PlaneLayout {
  static let zeros: UInt32 = 0
  static let ones: UInt32 = 1

  private(set) var columns: [PlaneColumn] = []
  private(set) var sources: [UInt8] = []
  /// The first plane of the class columns.
  let firstClassPlane: Int
  /// The first plane that no predicate has.
  let predicateEnd: Int
  /// By number of the test, its plane.
  private(set) var planeOfTest: [UInt32] = []

  init(_ plan: PredicatePlan) {
    var next = 2
    var raised: [[Int]] = []
    var lowered: [[Int]] = []
    for (number, source) in plan.thresholdColumns.enumerated() {
      let count = source.thresholds.count
      var column = PlaneColumn(column: Int32(number), first: Int32(next), count: Int32(count))
      next += count
      raised.append(source.raised)
      lowered.append(source.lowered)
      column.firstSource = Int32(sources.count)
      column.firstRaised = Int32(next)
      column.raisedCount = Int32(source.raised.count)
      next += source.raised.count
      sources += source.raised.map { UInt8($0) }
      column.firstLowered = Int32(next)
      sources += source.lowered.map { UInt8($0) }
      if source.asksForPresence { sources.append(PlaneSource.always) }
      column.loweredCount = Int32(source.lowered.count + (source.asksForPresence ? 1 : 0))
      next += Int(column.loweredCount)
      columns.append(column)
    }
    firstClassPlane = next
    var classPlanes: [Int] = []
    for source in plan.classColumns {
      classPlanes.append(next)
      next += Int(source.column.wordCount) * 64
    }
    predicateEnd = next

    let columns = columns
    planeOfTest = plan.predicates.map { predicate in
      switch predicate.place {
      case .always: return Self.ones
      case .classBit(let column, let bit): return UInt32(classPlanes[column] + bit)
      case .present(let column):
        return UInt32(columns[column].firstLowered + columns[column].loweredCount - 1)
      case .threshold(let column, let threshold, let missing):
        let planes = columns[column]
        switch missing {
        case .ranked: return UInt32(Int(planes.first) + threshold)
        case .raised:
          let place = raised[column].firstIndex(of: threshold) ?? 0
          return UInt32(Int(planes.firstRaised) + place)
        case .lowered:
          let place = lowered[column].firstIndex(of: threshold) ?? 0
          return UInt32(Int(planes.firstLowered) + place)
        }
      }
    }
  }
}
