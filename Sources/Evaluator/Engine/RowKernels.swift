import KernelViews
import KernelsBaseline

#if TREEC_X86_KERNELS
  import KernelsAVX2
  import KernelsAVX512
#endif

/// The engines for single rows, in the instructions of one processor; see ``BlockKernels``.
struct RowKernels: Sendable {
  let instructionSet: InstructionSet

  func scoreTables(
    _ input: RowInputView, _ view: TableQuickScorerView, _ values: LeafValuesView,
    _ trees: Range<Int>, _ row: UnsafePointer<Double>, _ scratch: RowScratch
  ) {
    switch (instructionSet, values) {
    #if TREEC_X86_KERNELS
      case (.avx512, .double(let values)):
        KernelsAVX512.RowKernel.scoreTables(input, view, values, trees, row, scratch)
      case (.avx512, .float(let values)):
        KernelsAVX512.RowKernel.scoreTables(input, view, values, trees, row, scratch)
      case (.avx2, .double(let values)):
        KernelsAVX2.RowKernel.scoreTables(input, view, values, trees, row, scratch)
      case (.avx2, .float(let values)):
        KernelsAVX2.RowKernel.scoreTables(input, view, values, trees, row, scratch)
    #endif
    case (_, .double(let values)):
      KernelsBaseline.RowKernel.scoreTables(input, view, values, trees, row, scratch)
    case (_, .float(let values)):
      KernelsBaseline.RowKernel.scoreTables(input, view, values, trees, row, scratch)
    }
  }

  func walkTrees(
    _ input: RowInputView, _ cells: RowCellsView, _ view: TreeWalkView,
    _ values: LeafValuesView, _ trees: Range<Int>, _ row: UnsafePointer<Double>,
    _ scratch: RowScratch
  ) {
    switch (instructionSet, values) {
    #if TREEC_X86_KERNELS
      case (.avx512, .double(let values)):
        KernelsAVX512.RowKernel.walkTrees(input, cells, view, values, trees, row, scratch)
      case (.avx512, .float(let values)):
        KernelsAVX512.RowKernel.walkTrees(input, cells, view, values, trees, row, scratch)
      case (.avx2, .double(let values)):
        KernelsAVX2.RowKernel.walkTrees(input, cells, view, values, trees, row, scratch)
      case (.avx2, .float(let values)):
        KernelsAVX2.RowKernel.walkTrees(input, cells, view, values, trees, row, scratch)
    #endif
    case (_, .double(let values)):
      KernelsBaseline.RowKernel.walkTrees(input, cells, view, values, trees, row, scratch)
    case (_, .float(let values)):
      KernelsBaseline.RowKernel.walkTrees(input, cells, view, values, trees, row, scratch)
    }
  }

  func walkDepths(
    _ input: RowInputView, _ cells: RowCellsView, _ predicates: PredicateBytesView,
    _ view: DepthWalkView<Double>, _ trees: Range<Int>, _ row: UnsafePointer<Double>,
    _ scratch: RowScratch
  ) {
    switch instructionSet {
    #if TREEC_X86_KERNELS
      case .avx512:
        KernelsAVX512.RowKernel.walkDepths(input, cells, predicates, view, trees, row, scratch)
      case .avx2:
        KernelsAVX2.RowKernel.walkDepths(input, cells, predicates, view, trees, row, scratch)
    #endif
    default:
      KernelsBaseline.RowKernel.walkDepths(input, cells, predicates, view, trees, row, scratch)
    }
  }

  func walkDepths(
    _ input: RowInputView, _ cells: RowCellsView, _ predicates: PredicateBytesView,
    _ view: DepthWalkView<Float>, _ trees: Range<Int>, _ row: UnsafePointer<Double>,
    _ scratch: RowScratch
  ) {
    switch instructionSet {
    #if TREEC_X86_KERNELS
      case .avx512:
        KernelsAVX512.RowKernel.walkDepths(input, cells, predicates, view, trees, row, scratch)
      case .avx2:
        KernelsAVX2.RowKernel.walkDepths(input, cells, predicates, view, trees, row, scratch)
    #endif
    default:
      KernelsBaseline.RowKernel.walkDepths(input, cells, predicates, view, trees, row, scratch)
    }
  }
}

/// What leaves add, in the precision of the sums.
enum LeafValuesView: Sendable {
  case double(LeafSumView<Double>)
  case float(LeafSumView<Float>)
}
