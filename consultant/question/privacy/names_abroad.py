"""How letters in other languages name a patient. What is found here is sifted by `names` like the rest."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.question.privacy.name_shapes import FULL, NAME

#: "Patient", by language: Spanish and Portuguese, French, German, Italian, Dutch, Polish, Russian, Vietnamese, Filipino.
_PATIENT = r"(?i:\b(?:paciente|patiente?|patientin|paziente|patiënte?|pacjent(?:ka|ki|a|em)?|пациент(?:ка|ки|а|у|ке|ом)?|bệnh[ ]nhân|pasyente|asegurad[oa]|assurée?|versicherte[rn]?))"
#: Mr. and Mrs.; a doctor is called by them too, and then says so.
_TITLE = r"(?:\b(?:Sr|Sra|Srta|Sig)\.|\bSig\.(?:ra|na)|\b(?:Señora|Señorita|Señor|Mme|Mlle|Madame|Monsieur|Frau|Herrn?|Dona|Doña|Senhora|Senhor|Signora|Signor|Mevrouw|Mevr\.|Dhr\.|Pani|Господин|Госпожа|г-н|г-жа))"
_DOCTOR = r"(?!(?:Dr|Dra|Dre|Prof|Doktor|Doktorin|Docteur|Doctor|Doctora|Doutor|Doutora|Dott|Professor)\b)"
_LABEL = r"(?i:\b(?:nombre(?:[ ]y[ ]apellidos?)?|nom|nome|name|imię[ ]i[ ]nazwisko|фио|họ[ ]tên|naam)(?:[ ](?:del?|de[ ]la|da|do|du|della?|der|des|van[ ]de))?(?:[ ](?:paciente|patient\w{0,2}|paziente|pacjent\w{0,3}))?)"
_BORN = r"(?:nacid[oa]|née?[ ]le|geb\b|geboren|nascid[oa]|nat[oa][ ]il|ur\.|urodzon[ya]|род\.|[(]?\d{1,3}[ ](?:años|ans|Jahre|anos|anni|lat|лет|jaar|tuổi)\b|tem[ ]\d{1,3}[ ]anos|tiene[ ]\d{1,3}[ ]años|a[ ]\d{1,3}[ ]ans)"
_HONOURED = r"(?:先生|女士|小姐|太太|老人|さん|様|さま|氏)"
_NOBODY = r"(?!患者|病人|医生|医师|医師|护士|先生|皆|客|家属|本人|担当)"

#: One word is enough.
SURE = (
    rf"{_TITLE}[ ]{_DOCTOR}(?P<it>{NAME})",
    rf"{_LABEL}[ ]?:[ ]{{0,3}}(?P<it>{NAME})",
    rf"(?:患者|病人|病患|患儿|被保険者|氏名|姓名)(?:姓名|氏名|名)?[:：]?[ \u3000]{{0,2}}{_NOBODY}(?P<it>[\u4e00-\u9fff]{{2,4}})(?=[ \u3000]?{_HONOURED})",
    rf"(?:患者|病人|病患|患儿|姓名|氏名)(?:姓名|氏名|名)?(?:[:：][ \u3000]{{0,2}}|[ \u3000]){_NOBODY}(?P<it>[\u4e00-\u9fff]{{2,4}})(?=[，,。、\s(（]|$)",
    r"(?:환자|성명|이름)(?:명|분|이름)?[ :]{0,2}(?P<it>[가-힣]{2,4})(?=[ ]?(?:님|씨))",
    r"(?:환자명|성명|이름)[ ]?:[ ]?(?P<it>[가-힣]{2,4})(?![가-힣])",
)
#: Two words at least.
LIKELY = (
    rf"{_PATIENT}[ ,:]{{1,3}}(?:{_TITLE}[ ])?{_DOCTOR}(?P<it>{FULL})",
    rf"(?P<it>{FULL})[, ]{{1,2}}[(]?{_BORN}",
    rf"(?<![\w.])M\.[ ]{_DOCTOR}(?P<it>{FULL})(?=[ ](?:a|est|était|avait|doit|peut|souffre|vient)\b|,)",
)
SURE_PATTERNS = tuple(re.compile(pattern) for pattern in SURE)
LIKELY_PATTERNS = tuple(re.compile(pattern) for pattern in LIKELY)

#: Capitalised words of the trade that are no part of a name.
_WORDS = """
seguro médico medico código codigo factura clínica clinica hospital centro consulta cirugía visita modificador aseguradora
privado particular medicare medicaid assurance hôpital clinique médecin code kasse krankenkasse privat kassenpatient klinik
krankenhaus rechnung modifikator arzt ärztin medikament operation untersuchung befund convênio plano saúde médica ospedale
clinica assicurazione codice praxis termin besuch
"""
TRADE = frozenset(_WORDS.split())
