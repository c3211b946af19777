import Synchronization
import TreeIR

/// The texts that a model has, by which numbers stand for strings.
package struct ModelTexts: Sendable {
  let texts: [String]
  private let index: CategoryIndex

  package init(_ texts: [String]) {
    self.texts = texts
    index = CategoryIndex(texts.map { .string($0) })
  }

  package var count: Int { texts.count }

  /// The position of a text in UTF-8; nil where the model does not have it.
  func position(of text: Span<UInt8>) -> Int? { index.position(ofText: text) }
}

/// The texts of a batch of rows: those of the model, then one number for any other text that
/// nobody asks for, then others as they come.
///
/// Texts of the model cost neither memory nor a lock. A batch that is scored in several threads
/// shares one table, so that a number stands for the same text everywhere.
package final class RowTexts: Sendable {
  package let model: ModelTexts
  private let others = Mutex(TextTable())

  package init(_ model: ModelTexts) {
    self.model = model
  }

  /// How many texts have been kept that the model does not have.
  package var keptCount: Int { others.withLock { $0.count } }

  /// Forgets all texts but those of the model: their numbers mean nothing any more.
  package func removeAll() {
    others.withLock { $0.removeAll() }
  }

  /// The number of a text that the model has, or else that of all others.
  package func knownNumber(of text: Span<UInt8>) -> Double {
    Double(model.position(of: text) ?? model.count)
  }

  /// The number of a text, which is kept if it is new.
  package func number(of text: Span<UInt8>) -> Double {
    if let position = model.position(of: text) { return Double(position) }
    let position = text.withUnsafeBytes { bytes in
      let hash = TextTable.hash(bytes)
      return others.withLock { $0.insert(bytes, hash) }
    }
    return Double(model.count + 1 + position)
  }

  /// The number of a text, which is kept if it is new.
  package func number(of text: String) -> Double {
    var text = text
    return text.withUTF8 { number(of: $0.span) }
  }

  /// The text that a number stands for; nil for texts that were not kept.
  package func text(_ number: Double) -> String? {
    guard let position = Int(exactly: number), position >= 0 else { return nil }
    if position < model.count { return model.texts[position] }
    return others.withLock { $0.text(position - model.count - 1) }
  }
}

extension FieldValue {
  /// The value that a slot has.
  package init(
    slot number: Double, _ type: FieldType, _ operationalType: OperationalType, _ texts: RowTexts
  ) throws(FieldRefusal) {
    if number.isNaN {
      self = .missing
    } else if type == .string {
      guard let text = texts.text(number) else {
        throw FieldRefusal(.model, "the text of the cell was not kept")
      }
      self.init(.text(text), operationalType)
    } else {
      self.init(Content(number, type), operationalType)
    }
  }

  /// The number that stands for the value in a slot; NaN where it is missing.
  package func slotNumber(_ texts: RowTexts) throws(FieldRefusal) -> Double {
    switch content {
    case .missing: return .nan
    case .integer(let number): return Double(number)
    case .float(let number):
      if number.isNaN { throw .nan }
      return Double(number)
    case .double(let number):
      if number.isNaN { throw .nan }
      return number
    case .boolean(let truth): return truth ? 1 : 0
    case .text(let text): return texts.number(of: text)
    case .moment(let number, _): return number
    }
  }
}
