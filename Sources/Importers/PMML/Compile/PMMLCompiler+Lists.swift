import TreeIR

extension PMMLCompiler {
  /// The results of all segments that run, as Java writes a list: `[1.5, null]`. It is missing where
  /// none runs.
  func listOfAll(
    _ combination: PMMLCombination, _ context: PMMLContext
  ) throws(Fault) -> PMMLPrediction {
    guard combination.missing.skipThreshold == nil else {
      throw combination.segmentation.fault("selectAll cannot skip segments", .unsupported)
    }
    let isClassification = try isClassification(combination.element)
    let results = try results(combination, context)
    for result in results where result.prediction.isClassification != isClassification {
      throw result.segment.model.fault(
        "a segment is of another kind than its MiningModel", .unsupported)
    }
    var text = list(of: results)
    let predicates = results.compactMap(\.runs)
    if predicates.count == results.count {
      let runsAny = withoutGuard { builder.logic(.or, predicates) }
      text = .apply(.init(.if, [truth(runsAny), text]))
    }
    if combination.missing.returnsMissing {
      let isWhole = withoutGuard {
        let failures = results.map { result in
          let isMissing = builder.logic(.isMissing, [result.prediction.value.slot])
          return result.runs.map { builder.logic(.and, [$0, isMissing]) } ?? isMissing
        }
        return builder.logic(.not, [builder.logic(.or, failures)])
      }
      text = .apply(.init(.if, [truth(isWhole), text]))
    }
    let value = computed(text, .string, .categorical, name: "selectAll")
    if let failure = value.failure { refuse(where: failure, "a segment has no result for a list") }
    var prediction = PMMLPrediction(value: value, isClassification: isClassification)
    prediction.value.failure = nil
    prediction.isList = true
    prediction.segments = byID(results)
    return prediction
  }

  private func list(of results: [PMMLSegmentResult]) -> FieldExpression {
    let separator = ", "
    let parts = results.map { result -> FieldExpression in
      let part = FieldExpression.apply(
        .init(
          .concat,
          [
            .constant(.string(separator)),
            .ifMissing(reference(result.prediction.value), text: "null"),
          ]
        ))
      return result.runs.map { runs in
        .apply(.init(.if, [truth(runs), part, .constant(.string(""))]))
      } ?? part
    }
    let all = parts.count == 1 ? parts[0] : FieldExpression.apply(.init(.concat, parts))
    // Each part begins with a separator, of which the first is one too many.
    let joined = FieldExpression.apply(
      .init(
        .substring,
        [
          all, .constant(.number(Double(separator.count + 1), .integer)),
          .constant(.number(Double(1 << 30), .integer)),
        ]))
    return .apply(
      .init(.concat, [.constant(.string("[")), joined, .constant(.string("]"))]))
  }

  private func truth(_ slot: Int) -> FieldExpression { .slot(slot, .boolean, .categorical) }
}
