import KernelViews
import KernelsBaseline

#if TREEC_X86_KERNELS
  import KernelsAVX2
  import KernelsAVX512
#endif

/// The steps of the bit-sliced engine, in the instructions of one processor. The set is one of
/// ``InstructionSet/available``, or the program would stop at the first instruction that the
/// processor lacks.
struct BlockKernels: Sendable {
  let instructionSet: InstructionSet

  func quantise(_ view: QuantiserView, _ rows: RowsView, _ width: Int, _ scratch: BlockScratch) {
    switch instructionSet {
    #if TREEC_X86_KERNELS
      case .avx512: KernelsAVX512.BlockKernel.quantise(view, rows, width, scratch)
      case .avx2: KernelsAVX2.BlockKernel.quantise(view, rows, width, scratch)
    #endif
    default: KernelsBaseline.BlockKernel.quantise(view, rows, width, scratch)
    }
  }

  func putStatistics(
    _ view: StatisticView, _ rows: RowsView, _ width: Int, _ scratch: StatisticScratch,
    _ ranks: UnsafeMutablePointer<UInt8>
  ) {
    switch instructionSet {
    #if TREEC_X86_KERNELS
      case .avx512:
        KernelsAVX512.BlockKernel.putStatistics(view, rows, width, scratch, ranks)
      case .avx2: KernelsAVX2.BlockKernel.putStatistics(view, rows, width, scratch, ranks)
    #endif
    default: KernelsBaseline.BlockKernel.putStatistics(view, rows, width, scratch, ranks)
    }
  }

  func makePlanes(
    _ view: PlaneView, _ classes: ClassView, _ rows: RowsView, _ width: Int,
    _ scratch: BlockScratch
  ) {
    switch instructionSet {
    #if TREEC_X86_KERNELS
      case .avx512: KernelsAVX512.BlockKernel.makePlanes(view, classes, rows, width, scratch)
      case .avx2: KernelsAVX2.BlockKernel.makePlanes(view, classes, rows, width, scratch)
    #endif
    default: KernelsBaseline.BlockKernel.makePlanes(view, classes, rows, width, scratch)
    }
  }

  func addTrees(
    _ view: ProgramView, _ trees: Range<Int>, _ count: Int, _ width: Int, _ scratch: BlockScratch
  ) {
    switch instructionSet {
    #if TREEC_X86_KERNELS
      case .avx512: KernelsAVX512.BlockKernel.addTrees(view, trees, count, width, scratch)
      case .avx2: KernelsAVX2.BlockKernel.addTrees(view, trees, count, width, scratch)
    #endif
    default: KernelsBaseline.BlockKernel.addTrees(view, trees, count, width, scratch)
    }
  }

  func putCodes(
    _ view: ProgramView, _ tree: Int, isFirst: Bool, _ width: Int, _ scratch: BlockScratch
  ) {
    switch instructionSet {
    #if TREEC_X86_KERNELS
      case .avx512: KernelsAVX512.BlockKernel.putCodes(view, tree, isFirst: isFirst, width, scratch)
      case .avx2: KernelsAVX2.BlockKernel.putCodes(view, tree, isFirst: isFirst, width, scratch)
    #endif
    default: KernelsBaseline.BlockKernel.putCodes(view, tree, isFirst: isFirst, width, scratch)
    }
  }
}
