import TestSupport
import Testing

@testable import Serve

/// Keys are told apart by their bytes, and numbered as they come.
@Suite struct KeyIndexTests {
  @Test func numbersKeysLikeADictionary() {
    var generator = SeededGenerator(seed: 7)
    var index = KeyIndex()
    var expected: [[UInt8]: Int] = [:]
    for _ in 0..<20_000 {
      let key = Array(String(Int.random(in: 0..<8000, using: &generator)).utf8.dropFirst())
      let number = index.insert(key.span)
      #expect(number == expected[key, default: expected.count])
      expected[key] = number
    }
    #expect(index.count == expected.count)
    for (key, number) in expected {
      #expect(index.number(of: key.span) == number && index[number] == key)
    }
    let other = Array("x".utf8)
    #expect(index.number(of: other.span) == nil && KeyIndex().number(of: other.span) == nil)
  }

  @Test func aUnionKeepsTheOrder() {
    func index(_ keys: String...) -> KeyIndex {
      var index = KeyIndex()
      for key in keys { _ = index.insert(Array(key.utf8).span) }
      return index
    }
    var union = KeyIndex()
    union.formUnion(index("a", "", "b"))
    union.formUnion(index("a", "", "b"))
    union.formUnion(index("c", "b", "d"))
    #expect(union == index("a", "", "b", "c", "d"))
    #expect(union != index("a", "", "b", "d", "c"))
  }

  @Test func listsKnowTheFirstPlaceOfEachName() {
    var list = NameList()
    let (a, b) = (Array("a".utf8), Array("b".utf8))
    list.append(a.span)
    list.appendTextless()
    list.append(b.span)
    list.append(a.span)
    #expect(list.numbers == [0, nil, 1, 0] && list.firstPlaces == [0, 2])
    #expect(list.place(of: b.span) == 2 && list[3] == a && list[1] == nil)
    #expect(list.isFirstPlace(0, of: a.span) && !list.isFirstPlace(3, of: a.span))
    #expect(!list.isFirstPlace(-1, of: a.span) && !list.isFirstPlace(4, of: a.span))
  }
}
