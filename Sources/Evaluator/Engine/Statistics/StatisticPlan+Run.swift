import TreeIR

extension StatisticPlan {
  /// Writes the statistics of all rows of `block` to their columns: all rows look one combination
  /// up before the next, so that its table is read into the caches once.
  func run(_ block: ColumnBlock, _ scratch: inout EngineScratch) {
    let memory = StatisticMemory(
      categories: categoryColumns.count, rows: block.rowCount, &scratch)
    for (number, column) in categoryColumns.enumerated() {
      memory.putCategories(block[column], number, block.rowCount)
    }
    for projection in projections { run(projection, block, 0..<block.rowCount, memory) }
    for (output, guardColumn) in guarded { block.keep(output, where: guardColumn) }
    memory.end()
  }

  private func run(
    _ projection: Projection, _ block: ColumnBlock, _ rows: Range<Int>, _ memory: StatisticMemory
  ) {
    putKeys(projection, block, rows, memory)
    let keys = UnsafeBufferPointer(start: memory.keys, count: rows.count)
    for lookup in projection.lookups {
      let table = lookups[lookup].table
      table.findBuckets(of: keys, into: memory.buckets)
      for number in lookups[lookup].counts {
        memory.putCounts(counts[number], table, rows.count)
        putTerms(counts[number].terms, block, rows, memory)
      }
    }
  }

  /// CatBoost's hash of the combination.
  private func putKeys(
    _ projection: Projection, _ block: ColumnBlock, _ rows: Range<Int>, _ memory: StatisticMemory
  ) {
    memory.keys.update(repeating: 0, count: rows.count)
    for place in projection.elements { memory.combineKeys(with: elements[place], block, rows) }
    for place in projection.elements {
      guard case .category(let number) = elements[place], memory.isInvalid[number] else {
        continue
      }
      // What has no category is no combination.
      let values = block[categoryColumns[number]] + rows.lowerBound
      for row in 0..<rows.count where Int32(exactly: values[row]) == nil {
        memory.keys[row] = StatisticTable.emptyKey
      }
    }
  }

  private func putTerms(
    _ terms: Range<Int>, _ block: ColumnBlock, _ rows: Range<Int>, _ memory: StatisticMemory
  ) {
    let (goods, totals) = (memory.goods, memory.totals)
    // So few that beginning a loop would take longer than running it.
    guard rows.count > 4 else {
      for row in 0..<rows.count {
        let (good, total) = (goods[row], totals[row])
        for place in terms {
          let term = self.terms[place]
          block[term.output][rows.lowerBound + row] = term.value(good, total)
        }
      }
      return
    }
    for place in terms {
      let term = self.terms[place]
      let output = block[term.output] + rows.lowerBound
      for row in 0..<rows.count { output[row] = term.value(goods[row], totals[row]) }
    }
  }
}
