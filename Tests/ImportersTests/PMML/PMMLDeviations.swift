/// Where treec knowingly differs from JPMML-Evaluator, by the reason.
enum PMMLDeviations {
  /// How many rows differ, by the case's name; a document that is read though JPMML refuses it
  /// counts as one.
  static let rows: [String: Int] = [
    nan, surrogates, nameless, mixtures, floatText, emptyList, lateRefusals, unread, namespaces,
    outliersOfTexts, numbersInTexts,
  ].reduce(into: [:]) { all, group in all.merge(group) { first, _ in first } }

  /// Cases with Doubles further from JPMML's than the two ulps that any may have: the
  /// normal distribution, whose last digits are not Java's.
  static let ulps: [String: UInt64] = [
    "reg_probit": 16, "regc_probit_2": 16, "regc_probit_2empty": 16,
  ]

  /// A NaN that is a value cannot be kept apart from a missing one; such rows are refused.
  private static let nan: [String: Int] = [
    "cell_double_categorical": 4,
    "cell_nan_categorical": 1,
    "fn_att_ddiv_invalidValueTreatment_asIs_": 1,
    "fn_cast_d_double": 1,
    "fn_cast_d_float": 1,
    "fn_cast_d_string": 1,
    "fn_cast_s_double": 1,
    "fn_cast_s_float": 1,
    "fn_ceil_d": 1,
    "fn_const_NaN": 1,
    "fn_disc_": 1,
    "fn_disc_defaultValuedflt": 1,
    "fn_disc_defaultValuedfltmapMissingTomiss": 1,
    "fn_disc_mapMissingTomiss": 1,
    "fn_equal_dd": 2,
    "fn_floor_d": 1,
    "fn_greaterOrEqual_dd": 2,
    "fn_greaterThan_dd": 2,
    "fn_isMissing_d": 1,
    "fn_isNotMissing_d": 1,
    "fn_isNotValid_d": 1,
    "fn_isValid_d": 1,
    "fn_lessOrEqual_dd": 2,
    "fn_lessThan_dd": 2,
    "fn_max_mix": 1,
    "fn_min_mix": 1,
    "fn_notEqual_dd": 2,
    "fn_round_d": 1,
    "pred_double_nan_asis_equal": 1,
    "pred_double_nan_asis_greaterOrEqual": 1,
    "pred_double_nan_asis_greaterThan": 1,
    "pred_double_nan_asis_lessOrEqual": 1,
    "pred_double_nan_asis_lessThan": 1,
    "pred_double_nan_asis_notEqual": 1,
    "prep_invalid_asIs": 1,
    "prep_invalid_asIs_mv": 1,
    "prep_invalid_asValue": 1,
    "prep_invalid_asValue_mv": 1,
    "score_inf": 7,
  ]

  /// Java counts UTF-16 units, and halves of pairs are no text.
  private static let surrogates: [String: Int] = [
    "fn_substring": 2
  ]

  /// Targets without a name, where the segment that is chosen names its own or the model gives outputs.
  private static let nameless: [String: Int] = [
    "quirk_chain_value10": 3,
    "inherit_label_classification": 2,
    "notarget_labels_modelChain_int": 7,
    "notarget_labels_selectFirst_int": 7,
    "notarget_labels_modelChain_str": 11,
    "notarget_labels_selectFirst_str": 11,
    "quirk_chain_avg_tree_n": 3,
    "regtype_float_modelChain_plain": 2,
    "regtype_float_modelChain_round": 2,
    "regtype_float_selectFirst_plain": 2,
    "regtype_float_selectFirst_round": 2,
    "regtype_int_modelChain_plain": 2,
    "regtype_int_modelChain_round": 2,
    "regtype_int_selectFirst_plain": 2,
    "regtype_int_selectFirst_round": 2,
    "seg_entityid_modelChain": 3,
    "seg_entityid_noids": 1,
    "seg_entityid_selectFirst": 2,
    "seg_mpt_continue_selectFirst_0.3": 3,
    "seg_mpt_continue_selectFirst_def": 3,
    "seg_mpt_returnMissing_selectFirst_0.3": 3,
    "seg_mpt_returnMissing_selectFirst_def": 3,
    "seg_mpt_skipSegment_selectFirst_0.3": 5,
    "seg_mpt_skipSegment_selectFirst_def": 5,
    "seg_pred_modelChain": 3,
    "seg_pred_selectFirst": 3,
    "seg_reg_modelChain": 5,
    "seg_reg_selectFirst": 5,
    "seg_reg_w_modelChain": 5,
    "seg_reg_w_selectFirst": 5,
    "segc_modelChain": 10,
    "segc_selectFirst": 12,
    "segr_int_modelChain": 1,
    "segr_int_selectFirst": 1,
    "segr_str_modelChain": 1,
    "segr_str_selectFirst": 1,
  ]

  /// JPMML refuses rows that may belong to several nodes; treec follows the specification.
  private static let mixtures: [String: Int] = [
    "tree_aggregateNodes_returnLastPrediction": 4,
    "tree_aggregateNodes_returnNullPrediction": 4,
    "tree_weightedConfidence_returnLastPrediction": 4,
    "tree_weightedConfidence_returnNullPrediction": 4,
  ]

  /// Texts of Floats: Java 17 does not always write the shortest.
  private static let floatText: [String: Int] = [
    "cell_float_continuous": 7
  ]

  /// Lists are no results.
  private static let emptyList: [String: Int] = [
    "ctarget_feature_warning": 3
  ]

  /// JPMML refuses each row, because of a part of the document that treec does not look at, or only where it is used.
  private static let lateRefusals: [String: Int] = [
    "ctarget_prior": 1,
    "ctarget_prior_partial": 1,
    "ctarget_targetField_bad": 3,
    "fn_map_prefix_noprefixattr": 2,
    "grm_link_cauchit": 2,
    "multi_chain_dup": 1,
    "nested_ms2_optypeord": 2,
    "nested_ms_absent": 1,
    "out_sameasinput": 1,
    "seg_entityid_x-multiModelChain": 3,
    "seg_reg_w_x-multiModelChain": 7,
    "seg_reg_x-multiModelChain": 7,
    "xml_noopt": 1,
  ]

  /// Parts that treec does not read: the document is refused, where JPMML scores it.
  private static let unread: [String: Int] = [
    "chain_not_in_schema": 1,
    "chain_result_names": 1,
    "chain_undeclared": 1,
    "ctarget_feature_affinity": 1,
    "ctarget_feature_clusterAffinity": 1,
    "ctarget_feature_clusterId": 1,
    "ctarget_feature_entityAffinity": 1,
    "ctarget_feature_reasonCode": 1,
    "ctarget_feature_residual": 1,
    "ctarget_feature_ruleValue": 1,
    "ctarget_feature_standardDeviation": 1,
    "ctarget_feature_standardError": 1,
    "fn_normcont_unsorted": 1,
    "fn_text_augm": 1,
    "node_regression": 3,
    "node_regression_norm": 1,
    "quirk_average_mixed": 3,
    "quirk_average_mixed2": 3,
    "quirk_vote_mixed": 3,
    "reg_float_probit": 1,
    "reg_float_simplemax": 1,
    "reg_simplemax": 1,
    "regc_cauchit_3": 1,
    "regc_cloglog_3": 1,
    "regc_exp_2": 2,
    "regc_exp_2empty": 1,
    "regc_exp_3": 1,
    "regc_float_cauchit_3": 1,
    "regc_float_cloglog_3": 1,
    "regc_float_exp_2": 2,
    "regc_float_exp_2empty": 1,
    "regc_float_exp_3": 1,
    "regc_float_loglog_3": 1,
    "regc_float_probit_2": 2,
    "regc_float_probit_2empty": 1,
    "regc_float_probit_3": 1,
    "regc_loglog_3": 1,
    "regc_probit_3": 1,
    "seg_mpt_continue_selectAll_0.3": 6,
    "seg_mpt_continue_selectAll_def": 6,
    "seg_mpt_returnMissing_selectAll_0.3": 1,
    "seg_mpt_returnMissing_selectAll_def": 1,
    "seg_none_majorityVote": 2,
    "seg_none_max": 2,
    "seg_reg_selectAll": 7,
    "seg_reg_w_selectAll": 7,
  ]

  /// JPMML insists on the namespaces that it knows, and on attributes that say nothing.
  private static let namespaces: [String: Int] = [
    "set_notype": 1,
    "xml_ext": 1,
    "xml_ns_2_0": 1,
    "xml_ns_4_5": 1,
    "xml_ns_5_0": 1,
    "xml_ns_https": 1,
    "xml_ns_none": 1,
    "xml_ns_other": 1,
  ]

  /// Ordinal texts whose outliers JPMML finds by their order: treec refuses the rows.
  private static let outliersOfTexts: [String: Int] = [
    "outliers_q_str_ord": 6,
    "outliers_q_str_ord_listed": 2,
  ]

  /// A NumericPredictor of a field of texts, whose numbers JPMML reads; treec refuses the document.
  private static let numbersInTexts: [String: Int] = [
    "reg_interval": 1
  ]
}
