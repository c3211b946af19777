import TreeIR

/// Follows a reader through its file: reports progress and gives read pages back to the
/// system, so that a large file is not resident as a whole next to the model made of it.
struct ReadingMeter {
  private let file: FileBytes?
  private let byteCount: Int
  private let progress: ((ImportProgress) -> Void)?
  private let step: Int
  private var next: Int

  /// - Parameter file: The mapped file, if the bytes are one.
  init(byteCount: Int, file: FileBytes?, progress: ((ImportProgress) -> Void)?) {
    self.file = file
    self.byteCount = byteCount
    self.progress = progress
    // A few hundred steps at most, and none so short that its system call would count.
    step = max(4 << 20, byteCount / 200)
    next = step
  }

  /// Tells that everything before `offset` has been read. Cheap enough for every tree.
  mutating func reached(_ offset: Int) {
    guard offset >= next else { return }
    next = offset + step
    file?.releasePages(before: offset)
    progress?(ImportProgress(bytesRead: offset, byteCount: byteCount))
  }

  /// Tells that the whole file has been read.
  func finished() {
    progress?(ImportProgress(bytesRead: byteCount, byteCount: byteCount))
  }
}
