import TextCodec

/// Takes the first byte as the size of pieces and the others as CSV. What is read from the pieces
/// between which a `RecordCutter` cuts the text must be what is read from the whole, and a
/// `CSVCursor` must find the records of the `CSVReader`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let text = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
  let whole = Records(of: [text])
  precondition(Records(of: pieces(of: text, step: Int(start[0]) + 1)) == whole, "a piece differs")
  precondition(recordsOfCursor(text) == whole, "the cursor differs")
  return 0
}

/// The records that a reader finds, and whether those are all.
private struct Records: Equatable {
  var fields: [[[UInt8]]] = []
  var isWhole = true

  init(of pieces: [[UInt8]]) {
    do throws(CSVError) {
      for (number, piece) in pieces.enumerated() {
        var reader = try CSVReader(options: CSVReaderOptions(skipsBlankLines: false))
        if number > 0 {
          // What looks like a byte order mark is one at the start only.
          let before: [UInt8] = [0x0A]
          reader.append(before.span)
          _ = try reader.next()
        }
        reader.append(piece.span)
        reader.finish()
        while case .record = try reader.next() {
          var record: [[UInt8]] = []
          for index in 0..<reader.fieldCount {
            let field = reader.field(at: index)
            record.append(field.bytes.withUnsafeBufferPointer { Array($0) })
          }
          fields.append(record)
        }
      }
    } catch {
      isWhole = false
    }
  }

  init(fields: [[[UInt8]]], isWhole: Bool) {
    self.fields = fields
    self.isWhole = isWhole
  }
}

private func pieces(of text: [UInt8], step: Int) -> [[UInt8]] {
  var cutter = RecordCutter(.csv())
  var pieces: [[UInt8]] = []
  var buffer: [UInt8] = []
  var offset = 0
  while offset < text.count {
    let end = min(text.count, offset + step)
    buffer += text[offset..<end]
    offset = end
    let cut = cutter.lastEnd(in: buffer.span)
    guard cut > 0 else { continue }
    pieces.append(Array(buffer[..<cut]))
    buffer.removeSubrange(..<cut)
    cutter.cut()
  }
  return pieces + (buffer.isEmpty ? [] : [buffer])
}

private func recordsOfCursor(_ text: [UInt8]) -> Records {
  var cursor = CSVCursor(text.span, isStart: true)
  var records: [[[UInt8]]] = []
  while cursor.beginRecord() {
    var record: [[UInt8]] = []
    while let field = cursor.nextField(isLast: false) { record.append(content(field)) }
    guard let last = cursor.nextField(isLast: true) else {
      return Records(fields: records, isWhole: false)
    }
    record.append(content(last))
    records.append(record)
    precondition(cursor.endRecord(), "a record without an end")
  }
  return Records(fields: records, isWhole: true)
}

private func content(_ field: CSVCursorField) -> [UInt8] {
  var content: [UInt8] = []
  field.append(to: &content)
  return content
}
