import KernelViews

/// The steps of the bit-sliced engine for one block of rows, in the four widths. Between the
/// steps everything lies in the block's scratch memory.
///
/// The caller guarantees that views and scratch memory were made by the same plan, and that no
/// more rows are given than the block is wide.
package enum BlockKernel {
  /// Turns values into ranks.
  package static func quantise(
    _ view: QuantiserView, _ rows: RowsView, _ width: Int, _ scratch: BlockScratch
  ) {
    quantiseBlock(view, rows, width, scratch)
  }

  /// Looks ranks of statistics up: `width` bytes a byte column.
  package static func putStatistics(
    _ view: StatisticView, _ rows: RowsView, _ width: Int, _ scratch: StatisticScratch,
    _ ranks: UnsafeMutablePointer<UInt8>
  ) {
    putStatisticRanks(view, rows, width, scratch, ranks)
  }

  /// Turns ranks and classes into planes.
  package static func makePlanes(
    _ view: PlaneView, _ classes: ClassView, _ rows: RowsView, _ width: Int,
    _ scratch: BlockScratch
  ) {
    switch width {
    case 64: makeAllPlanes(UInt64.self, view, classes, rows, scratch)
    case 128: makeAllPlanes(SIMD2<UInt64>.self, view, classes, rows, scratch)
    case 256: makeAllPlanes(SIMD4<UInt64>.self, view, classes, rows, scratch)
    default: makeAllPlanes(SIMD8<UInt64>.self, view, classes, rows, scratch)
    }
  }

  /// Adds trees to the sums of `count` rows.
  package static func addTrees(
    _ view: ProgramView, _ trees: Range<Int>, _ count: Int, _ width: Int,
    _ scratch: BlockScratch
  ) {
    switch width {
    case 64: addTrees(UInt64.self, view, trees, count, scratch)
    case 128: addTrees(SIMD2<UInt64>.self, view, trees, count, scratch)
    case 256: addTrees(SIMD4<UInt64>.self, view, trees, count, scratch)
    default: addTrees(SIMD8<UInt64>.self, view, trees, count, scratch)
    }
  }

  /// Puts the leaf codes of one tree into the scratch memory: a byte a row, and for codes of more
  /// than 8 bits another, `width` bytes further on.
  ///
  /// - Parameter isFirst: Whether it is the first tree of the block; otherwise the call before was for
  ///   the tree before.
  package static func putCodes(
    _ view: ProgramView, _ tree: Int, isFirst: Bool, _ width: Int, _ scratch: BlockScratch
  ) {
    switch width {
    case 64: putCodes(UInt64.self, view, tree, isFirst, scratch)
    case 128: putCodes(SIMD2<UInt64>.self, view, tree, isFirst, scratch)
    case 256: putCodes(SIMD4<UInt64>.self, view, tree, isFirst, scratch)
    default: putCodes(SIMD8<UInt64>.self, view, tree, isFirst, scratch)
    }
  }

  @inline(__always)
  private static func planes<P: Plane>(
    _ type: P.Type, _ scratch: BlockScratch
  ) -> UnsafeMutablePointer<P> {
    scratch.planes.assumingMemoryBound(to: P.self)
  }

  @inline(__always)
  private static func makeAllPlanes<P: Plane>(
    _ type: P.Type, _ view: PlaneView, _ classes: ClassView, _ rows: RowsView,
    _ scratch: BlockScratch
  ) {
    makeThresholdPlanes(view, planes(type, scratch), scratch)
    makeClassPlanes(classes, rows, planes(type, scratch), scratch)
  }

  @inline(__always)
  private static func putCodes<P: Plane>(
    _ type: P.Type, _ view: ProgramView, _ tree: Int, _ isFirst: Bool, _ scratch: BlockScratch
  ) {
    let planes = planes(type, scratch)
    if isFirst || view.trees[tree].startsProgram {
      run(view.trees + tree, view.operations, planes)
    }
    putTreeCodes(view.trees + tree, view.codePlanes, planes, scratch.codes)
  }

  @inline(__always)
  private static func addTrees<P: Plane>(
    _ type: P.Type, _ view: ProgramView, _ trees: Range<Int>, _ count: Int,
    _ scratch: BlockScratch
  ) {
    let width = P.byteCount &* 8
    for number in trees {
      putCodes(type, view, number, number == trees.lowerBound, scratch)
      let tree = view.trees[number]
      for position in 0..<view.leafWidth {
        let first = tree.firstValue &+ position &<< Int(tree.codeBits)
        let output = (tree.output &+ position) &* width
        if view.sumsAreFloat {
          let sums = scratch.sums.assumingMemoryBound(to: Float.self) + output
          add(view.floats + first, tree.codeBits, scratch.codes, width, to: sums, count)
        } else {
          let sums = scratch.sums.assumingMemoryBound(to: Double.self) + output
          add(view.doubles + first, tree.codeBits, scratch.codes, width, to: sums, count)
        }
      }
    }
  }

  @inline(__always)
  private static func add(
    _ values: UnsafePointer<Double>, _ bits: UInt32, _ codes: UnsafePointer<UInt8>, _ width: Int,
    to sums: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    if bits < SmallTables.doubleLimit {
      SmallTables.addValues(values, bits: bits, codes, to: sums, count)
    } else if bits <= 8 {
      addTreeValues(values, codes, to: sums, count)
    } else {
      addTreeValues(values, wide: codes, width, to: sums, count)
    }
  }

  @inline(__always)
  private static func add(
    _ values: UnsafePointer<Float>, _ bits: UInt32, _ codes: UnsafePointer<UInt8>, _ width: Int,
    to sums: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    if bits < SmallTables.floatLimit {
      SmallTables.addValues(values, bits: bits, codes, to: sums, count)
    } else if bits <= 8 {
      addTreeValues(values, codes, to: sums, count)
    } else {
      addTreeValues(values, wide: codes, width, to: sums, count)
    }
  }
}
