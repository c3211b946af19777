import TreeIR

extension Consensus {
  func run(_ slots: inout [Double]) {
    guard let (label, shares) = result(slots) else {
      for slot in outputs { slots[slot] = .nan }
      return
    }
    slots[outputs.lowerBound] = label
    for (slot, share) in zip(outputs.dropFirst(), shares) { slots[slot] = share }
  }

  /// The class that wins, and the shares of all; nil where there is none.
  private func result(_ slots: [Double]) -> (label: Double, shares: [Double])? {
    var voters: [Segment] = []
    for segment in segments {
      if let predicate = segment.predicate, slots[predicate] != 1 { continue }
      var isKnown = false
      for (share, place) in zip(segment.shares, segment.places) where !slots[place].isNaN {
        if slots[share].isNaN { return nil }
        isKnown = true
      }
      if !isKnown { return nil }
      voters.append(segment)
    }
    if voters.isEmpty { return nil }
    if method == .average { return average(voters, slots) }
    guard let places = places(nearest: voters, slots) else { return nil }
    return average(places.map { voters[$0] }, slots)
  }

  /// The places of the segments that the winner's shares choose.
  private func places(nearest voters: [Segment], _ slots: [Double]) -> [Int]? {
    var best: (number: Double, shares: [Double])?
    for candidate in candidates {
      let shares = voters.compactMap { voter in
        slots[voter.places[candidate]].isNaN ? nil : slots[voter.shares[candidate]]
      }
      guard let largest = shares.max() else { continue }
      let number = method == .maximum ? largest : Self.median(of: shares)
      if number > best?.number ?? -.infinity { best = (number, shares) }
    }
    guard let best else { return nil }
    let distances = best.shares.map { ($0 - best.number).magnitude }
    let least = distances.min()
    return distances.indices.filter { distances[$0] == least }
  }

  private static func median(of shares: [Double]) -> Double {
    let sorted = shares.sorted()
    let upper = sorted[sorted.count / 2]
    guard sorted.count % 2 == 0 else { return upper }
    let lower = sorted[sorted.count / 2 - 1]
    return lower + 0.5 * (upper - lower)
  }

  private func average(
    _ voters: [Segment], _ slots: [Double]
  ) -> (label: Double, shares: [Double])? {
    var sums = [Double](repeating: 0, count: classes.count)
    // Positions of classes in the order in which they are met.
    var met: [Int] = []
    var isMet = [Bool](repeating: false, count: classes.count)
    var total = 0.0
    for voter in voters {
      // Weights play a part where all segments are averaged.
      let weight = method == .average ? voter.weight : 1
      total = precision.apply(.add, total, weight)
      let known = classes.indices.filter { !slots[voter.places[$0]].isNaN }
      for position in known {
        let share = slots[voter.shares[position]]
        let value = weight == 1 ? share : precision.apply(.multiply, weight, share)
        sums[position] = precision.apply(.add, sums[position], value)
      }
      let new = known.filter { !isMet[$0] }.sorted {
        slots[voter.places[$0]] < slots[voter.places[$1]]
      }
      for position in new { isMet[position] = true }
      met += new
    }
    let shares = sums.map { precision.apply(.divide, $0, total) }
    guard var best = met.first else { return nil }
    for position in met where shares[position] > shares[best] { best = position }
    return (classes[best], shares)
  }
}
