"""The rules of advice in the order in which a coder thinks: cards speak first, then families, then the codes that were named,
then words alone; checks and limits come last."""

from __future__ import annotations

from collections.abc import Callable

from consultant.advice.asked import asked_whether_rule
from consultant.advice.asked_signs import asked_sign_rule
from consultant.advice.cards import cards_rule, named_line_rule
from consultant.advice.claim import claim_order_rule, dose_rule
from consultant.advice.corrections import quoted_advice_rule
from consultant.advice.diagnoses.body_mass import body_mass_rule
from consultant.advice.diagnoses.conditions import conditions_rule
from consultant.advice.diagnoses.over import over_rule
from consultant.advice.diagnoses.tabular import exclusion_rule, healing_rule, sequence_rule, seventh_rule, side_rule
from consultant.advice.diagnoses.unasked import unasked_rule
from consultant.advice.drugs.amounts import drug_rule, miles_rule, new_patient_rule
from consultant.advice.drugs.encounter import encounter_rule
from consultant.advice.drugs.feeding import feeding_rule
from consultant.advice.drugs.infusion import one_first_rule, pushes_rule, repeat_push_rule
from consultant.advice.drugs.vaccines import vaccines_rule
from consultant.advice.drugs.vials import supplied_rule, vials_rule
from consultant.advice.either import either_rule
from consultant.advice.families import families_rule
from consultant.advice.keyed import keyed_rule
from consultant.advice.lines import digits_rule, each_rule, fitting_modifiers_rule, line_sides_rule, waived_rule
from consultant.advice.named import siblings_rule, standing_rule, titled_rule, worded_rule
from consultant.advice.not_billed import not_billed_rule
from consultant.advice.official.crossing import mapping_rule, risk_rule, successor_rule
from consultant.advice.official.documents import coverage_rule
from consultant.advice.official.edits import asked_edits_rule, edits_rule
from consultant.advice.official.limits import bilateral_rule, modifiers_rule, records_rule, unchecked_rule, units_rule
from consultant.advice.official.money import fee_rule, status_rule
from consultant.advice.official.pairs import addons_rule, asked_addon_rule, excludes_rule
from consultant.advice.operations.after_surgery import after_surgery_rule
from consultant.advice.operations.anaesthesia import anaesthesia_rule, anaesthesia_units_rule, one_anaesthetic_rule
from consultant.advice.operations.biopsies import biopsies_rule
from consultant.advice.operations.child_burns import child_burns_rule
from consultant.advice.operations.indicators import component_rule, global_rule, helpers_rule, sides_rule
from consultant.advice.operations.overcome import overcome_rule
from consultant.advice.operations.own import own_operations_rule
from consultant.advice.operations.pieces import pieces_rule
from consultant.advice.operations.practitioner_helped import practitioner_helped_rule
from consultant.advice.operations.scopes import base_scope_rule
from consultant.advice.overruled import overruled_rule
from consultant.advice.refused_signs import refused_signs_rule
from consultant.advice.repeats import repeats_rule
from consultant.advice.services.adjusted_region import adjusted_region_rule
from consultant.advice.services.allergens import allergens_rule
from consultant.advice.services.assistants import assistants_rule
from consultant.advice.services.class_findings import class_findings_rule
from consultant.advice.services.lab_travel import lab_travel_rule
from consultant.advice.services.later_days import later_days_rule
from consultant.advice.services.minutes import timed_rule, told_units_rule
from consultant.advice.services.off_the_shelf import off_the_shelf_rule
from consultant.advice.services.round_trips import round_trip_rule
from consultant.advice.services.slides import slides_rule
from consultant.advice.services.standing_access import standing_access_rule
from consultant.advice.sheet import Ruling, Sheet
from consultant.advice.sides.lids import lids_rule
from consultant.advice.sides.places import told_place_rule
from consultant.advice.verdict import understood_rule
from consultant.advice.visits.beside import (
    borne_out_rule,
    higher_level_rule,
    unrelated_visit_rule,
    visit_beside_rule,
    visit_only_rule,
)
from consultant.advice.visits.critical import before_critical_rule
from consultant.advice.visits.days import days_rule, next_stay_rule
from consultant.advice.visits.places import visit_places_rule
from consultant.advice.visits.psychotherapy import therapy_beside_visit_rule
from consultant.advice.visits.rounds import one_visit_a_day_rule
from consultant.advice.visits.stays import over_midnight_rule, same_date_rule, shared_rule
from consultant.advice.visits.time import visit_time_rule
from consultant.advice.visits.told_levels import desk_level_rule, told_level_rule, told_visit_rule
from consultant.advice.visits.told_visits import doctors_visit_rule, told_visits_rule

#: Each rule by the name under which a card may call for it and the trail may speak of it.
RULES: dict[str, Callable[[Sheet], Ruling]] = {
    "bilateral": bilateral_rule,
    "siblings": siblings_rule,
    # Questions that an official file answers by itself.
    "successor": successor_rule,
    "mapping": mapping_rule,
    "risk": risk_rule,
    "fee": fee_rule,
    "exclusion": exclusion_rule,
    "side": side_rule,
    "drug": drug_rule,
    "anaesthesia": anaesthesia_rule,
    "global": global_rule,
    "own_operations": own_operations_rule,
    "helpers": helpers_rule,
    "sides": sides_rule,
    "component": component_rule,
    "asked_edits": asked_edits_rule,
    "mue": units_rule,
    "asked_add_on": asked_addon_rule,
    "new_patient": new_patient_rule,
    "visit_only": visit_only_rule,
    "vials": vials_rule,
    "same_date": same_date_rule,
    "over_midnight": over_midnight_rule,
    "days": days_rule,
    "next_stay": next_stay_rule,
    # What the text knowledge answers.
    "biopsies": biopsies_rule,
    "titled": titled_rule,
    "overcome": overcome_rule,
    "off_the_shelf": off_the_shelf_rule,
    "cards": cards_rule,
    "told_units": told_units_rule,
    "told_level": told_level_rule,
    "families": families_rule,
    "told_visit": told_visit_rule,
    "overruled": overruled_rule,
    "visit_time": visit_time_rule,
    "healing": healing_rule,
    "conditions": conditions_rule,
    "body_mass": body_mass_rule,
    "eight_minute": timed_rule,
    "assistants": assistants_rule,
    "pushes": pushes_rule,
    "one_first": one_first_rule,
    "repeat_push": repeat_push_rule,
    "shared": shared_rule,
    "one_visit_a_day": one_visit_a_day_rule,
    "therapy_beside_visit": therapy_beside_visit_rule,
    "slides": slides_rule,
    "child_burns": child_burns_rule,
    "later_days": later_days_rule,
    "allergens": allergens_rule,
    "encounter": encounter_rule,
    "standing": standing_rule,
    "words": worded_rule,
    "named_line": named_line_rule,
    "told_visits": told_visits_rule,
    "doctors_visit": doctors_visit_rule,
    "desk_level": desk_level_rule,
    "either": either_rule,
    "over": over_rule,
    "miles": miles_rule,
    "lab_travel": lab_travel_rule,
    "round_trip": round_trip_rule,
    "one_anaesthetic": one_anaesthetic_rule,
    "anaesthesia_units": anaesthesia_units_rule,
    "base_scope": base_scope_rule,
    "vaccines": vaccines_rule,
    "borne_out": borne_out_rule,
    "higher_level": higher_level_rule,
    "unrelated_visit": unrelated_visit_rule,
    "supplied": supplied_rule,
    "feeding": feeding_rule,
    "before_critical": before_critical_rule,
    "visit_places": visit_places_rule,
    "visit_beside": visit_beside_rule,
    "unasked": unasked_rule,
    "asked_whether": asked_whether_rule,
    "keyed": keyed_rule,
    "told_place": told_place_rule,
    "not_billed": not_billed_rule,
    "standing_access": standing_access_rule,
    "understood": understood_rule,
    "lids": lids_rule,
    "line_sides": line_sides_rule,
    "digits": digits_rule,
    "class_findings": class_findings_rule,
    "pieces": pieces_rule,
    "each": each_rule,
    "repeats": repeats_rule,
    "waived": waived_rule,
    "after_surgery": after_surgery_rule,
    "practitioner_helped": practitioner_helped_rule,
    "asked_sign": asked_sign_rule,
    "fitting_modifiers": fitting_modifiers_rule,
    "adjusted_region": adjusted_region_rule,
    "refused_signs": refused_signs_rule,
    "add_on": addons_rule,
    "excludes1": excludes_rule,
    "sequence": sequence_rule,
    "seventh": seventh_rule,
    "edits": edits_rule,
    "coverage": coverage_rule,
    "quoted_advice": quoted_advice_rule,
    "units": units_rule,
    "dose": dose_rule,
    "claim_order": claim_order_rule,
    "status": status_rule,
    "modifiers": modifiers_rule,
    "records": records_rule,
    "unchecked": unchecked_rule,
}

#: Rules that would answer more than was asked when a letter only wants to know whether a code is billable.
BESIDE_STANDING = frozenset(
    {
        "bilateral",
        "siblings",
        "biopsies",
        "cards",
        "families",
        "conditions",
        "body_mass",
        "eight_minute",
        "assistants",
        "pushes",
        "one_first",
        "repeat_push",
        "shared",
        "slides",
        "allergens",
        "encounter",
        "words",
        "named_line",
        "told_visits",
        "desk_level",
        "vaccines",
        "visit_beside",
    }
)
