"""Everyday words of English: spelled right, they are no slip for a word of the field, however near one lies."""

_WORDS = """
about above across actual after again against agency agenda agree agreed agrees ahead allow allowed allows almost alone along
already although always among amount amounts annual answer anyone anything apart appeal appeals appear appears applied applies
apply approve approved april argue around arrive arrived article articles aside asked asking assign assigned assist assure
attach attend august author avoid await award aware badly based basic basis batch became because become before began begin
behind belong below better between beyond bigger billed billing bills binder blank board bonus books bother bought brand brief
broke brought budget build building built bunch business button called calling calls cannot career careful carrier carry catch
cause caused center chair chance change charge charged charges chart charts cheap cheaper check checked checks choice choose
chose chosen claim claims clause cleaned clear clearly clerk click client clients close closed closer coach coded coder codes
coding collect column columns comes comment commercial commit common company compare complain complete computer concept
confirm confused consider contact contain content continue contract contracts convert copied copies corner corporate correct
costs could count counter counts county couple coupon course court cover covers create created credit current customer daily
dated deadline dealing deals dealt december decide decision default define delay delayed deliver demand denial denials denied
depend depends describe deserve detail details dictate different digital direct director disagree discuss dispute district
doctor document doing dollar dollars double doubt download downtown dozen draft drawer drive dropped dropping during earlier
early earned easily edited editor effort eight either elect email emails employ employee empty enclosed ended ending engage
enjoy enough ensure enter entire entry equal error errors evening event events every evidence exact exactly example excel
except excuse exist exists expect expected expects expense expert explain explained export extra facts fails fairly faith
false familiar favor fewer field fifth figure filed files filing filled filling final finally finds finish finished first
fiscal fixed flagged flags folder folks follow followed forget forgets forgot formal former forms fought found frame fresh
friday friend friends front further gather general getting girls given gives glance going goods grade grant grateful great
ground group groups grown guess guide guided handed hands happen happened happens happy hardly having headed heard heavy hello
helped helpful helping helps hence hidden higher hiring history holiday honest hoped hotel hourly hours house however human
hundred husband ideal ideas identify image imagine import improve inbox include including income indeed index inform insist
instead insure intend internal invoice invoices involve issue issued issues items itself january joined joint judge juggle
keeping keeps kicks kindly kinds known knows label labels large largely later latest latter launch leader leads learn learned
least leave leaves legal lender length lesson lessons letter letters level liable library limit lines linked listed listen
listing listings lists little local locate located location locked logic login longer looked looks lookup lovely lower lunch
mailed mailing mails mainly major makes manage manner manual march market master match matched matches matter matters maybe
means meant meeting meetings member members mention mentioned mentions message messages method middle might million minor
minus minute mistake mistakes model modern moment monday money month monthly months morning mostly mother mouse moved moves
movie myself named names narrow nature nearly needed needs neither network never newer night noise normal notes nothing notice
noticed notify november number obvious occur october offer offered offers office officer often okay older online opened
opinion option options order ordered origin original other others otherwise ought overall owner owners package packet pages
paid paper parking partial parties partly partner parts party passed passes passing password paste patch patent patience
patient pattern payer payers paying payment payments pencil pending people percent perfect perform perhaps period person
persons phone phones picked picture pieces place placed placing plain planned planning plans please plenty point policy polite
popular portal portion possible posted posting posts power prefer prepare present pretty previous price priced prices print
printed printer printers printing prints prior private probably problem problems process produce product profile profit
program project promise promised prompt proof proper properly protect proved provide provider public publish purpose puzzled
quarter question questioned questions queue quick quickly quiet quite quote radio raise raised random range rarely rated rates
rather reach react reading reads ready realize really reason receipt receive received recent recently recheck record records
reduce refer refers reflect refuse regard regards regional regular reject rejected rejects related release relevant remain
remark remarks remind remittance remove repeat replace replied replies reply report reported reports represent request
requests require requires research resend reset resolve respond result results retail retro return returned returns reversed
review reviewed reviewer reviews revise revised right rights rough round route routine rules salary sales saturday saved saves
saying scale scenario schedule scheme school scope score screen scrub search season second seconds secret section sections
secure seeing seemed seems seldom select selected seller sends senior sense sentence separate september series serious serve
served server serves service session setting setup seven several shall shape share shared sharing sheet shift short shorten
shorter should showed showing shown shows sides signed signs silly similar simple simply since single sister sites sitting
sized skill skipped slight slightly slowly smart software solid solve someday someone sooner sorry sorted sorts sound source
sources space spare speak speaks special specific spell spelled spend spends spent split spoke sports spreadsheet staff
staffing stage stamp stand standard stands start started state stated statement stating station status steady steps sticking
still stock stopped stops store story strange street strict strong stuck student studies study stuff style subject submit
submits submitted success suggest suggested suggests summary summer sunday supervisor supply support supposed surely switch
switched system table tables taken takes talked talking tasks taught teach teams tells template tends terms terrible tested
texts thank thankful thanks their theirs themselves theory there these thing things think third thirty those though thought
thousand thread three threw through throw thrown thrust thursday tickets tiers tight timely times timing title titles today
together tomorrow topic topics total totally totals touch tough toward tower track tracked trade train trained training transfer
travel treat treats trend trial trick tricky tried trips trouble truly trust truth tuesday turned twelve twenty twice typed types
typical typing unable unclear under understand union unique united units unknown unless unlike unpaid unsure until update
updated updates upload upper upset urgent useful users using usual usually value vendor vendors verify version versus views
visit visits voice volume waited waiting walks wanted wants warning wasted watch watched website wednesday weekend weekly
weeks weird welcome weren whatever whenever where whether which while whoever whole whose willing winter wished wishes within
without wonder wondered wording words worked worker workers workflow working works worry worse worth would write writing
written wrong wrote yearly years yellow yesterday young yours yourself
babies
"""
EVERYDAY = frozenset(_WORDS.split())
