/// Names of elements and attributes that come often: they are told apart without their letters.
enum PMMLWord: String {
  case node = "Node"
  case simplePredicate = "SimplePredicate"
  case simpleSetPredicate = "SimpleSetPredicate"
  case compoundPredicate = "CompoundPredicate"
  case `true` = "True"
  case `false` = "False"
  case scoreDistribution = "ScoreDistribution"
  case `extension` = "Extension"
  case partition = "Partition"
  case regression = "Regression"
  case decisionTree = "DecisionTree"
  case modelStats = "ModelStats"
  case modelExplanation = "ModelExplanation"

  case id
  case score
  case recordCount
  case defaultChild
  case field
  case `operator`
  case value
  case confidence
  case probability
}
