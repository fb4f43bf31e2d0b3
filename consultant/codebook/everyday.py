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
#: Words and names met less often, one letter or one ending away from a word of the field: "interesting", "granted", "Carson".
_RARER = """
abbot abducted ability aching activism activist additionally adjutant adolescence advantageous aerial aesthetic aesthetically
aiding allegation allegedly allegheny allegiance alleging allegory alteration altercation amused annexation anthropological
anthropologist anthropology antrim applicant aptitude arresting arturo ascent aspire assassin assassinate assassinated
assassination assent assured astral atlanta atlantic atlantis atletico attentive attitude austen autopilot averse backward
bailing baiting ballad ballerina ballet banda barbed baritone barking barley barnard barnett baron baroness barring barron
bartender bashing basing bassett baton batting battle battled battlefield battleground battleship beamed bearded beast bedding
beech begged begging believable believing beneficial benin bennet bernadette betterment betting bidding bitterly bitterness
bittersweet blackboard blanc blanca blanchard blanco bleached blended blight blinked blockade blowing blushing boasted boeing
bogged bondage booed boogie booing boring boundless bower boxing bragging branded branding breaching breeder brethren brewster
bridesmaid bristol bronco brooch buckeye buckingham buckinghamshire bugged bumble bummed bummer bundesliga burial burton butler
caine calais california californian canaan canberra caravan caricature carleton carnage carpenter carpentry carson carter carton
casper cattle cease ceased ceasefire celia cemetery chandelier chanel channing chaplin chariot chatted chatter chatting cheat
cheater cheating cheery cheltenham chlorine choreographed choreographer choreography cider clashed cleaver clement cleverly
clinch clinched clocked clothing clutch clutching coaster coldest colin collusion colton command complicit compliment computing
concave conceal concealing concession condo condolence conducive conductivity conferred confess confessed confessing confession
confessional confided confiscated confiscation consensual consensus conservancy conservatism conservatory consignment constance
consul consular consulate contention contentious contentment contest contestant contested contesting contextual contra
contrasted controversial controversy convent cooke cooker coolest corbin cornelius correspond corresponded correspondence
correspondent corresponding courting coveted craft cramped craving creative cremation criss criterion cropping crotch crumb
crunch crunching crunchy cursing curtain cutest dagger daring declan decode decoding decomposition deduce defeated defied
deflect deflected deflection defying delegation delicious deluge denise dependable deprived derailed desmond despise detained
detect detectable detecting detective detector detention deterrent devine devised devlin dieting diner dining dismal disperse
dispersed display displayed displaying disrespect disrespectful dissent dissenting dissertation dissonance doping doubting
dragged drier drifting ducking duped duress earning easing eclipse eighty ejected elector embodied embodiment embroidered
embroidery emerging empire empress endogenous enraged entrusted equate erected espresso eternal eternally eucharist excelled
excite excited excused exerted exited exiting expenditure explanatory explode exploded exported exporter exporting extant
extracurricular extraterrestrial extremism extremist facing faction fading fallon famed fared farmed farming faster fatter
faulty feather fiance fiction filtration firearm firing flaming flannel flashed flatter fleeing flopped flying foiled foraging
forcing forgave forrest forster forte framing friedrich fright fringe fueling fullerton funding gaming gaping garbage gardener
garnered gaston gazing gentlemen gentry gerard gibson giggle gliding glowing gnome graced grandma granola granted granting
grinning grove grover guarantee guaranteed guaranteeing guildford gutierrez habitation hadley hamper hampered hanley hanson
hardest harding hardness harper hater hatfield hating haunted heather herein heretic herman hernandez heron hester hickey hiding
hinder hinting holster homing hopeless hopelessly hopping horne horned horner horseman horsemen horsepower hotter humidity
hungary impart impatience impatient implement impractical impunity imran incense incidence inciting incline independence
indestructible indian inert inertia infamous inferno inland innate insta instagram instance instantly interact interacted
interchange interchangeable interconnected intercontinental intercourse interested interesting interestingly intergovernmental
interior interlocking interlude intermediary intermission international internationally internment internship interracial
intersect intersection interspersed interstellar interviewed interviewer interviewing intolerable intolerance intolerant
intrepid invent invention inventive invest investor irritating irritation jacked jeopardy jingle justin justine kardashian
keaton kepler kernel kinder kosher kroger lacking lager lament landry latina lauded laurence leased leningrad lester literary
lively livingston livingstone locale locating logging loner longing looted loyalist lyric macdonald mackerel magenta magnate
magnus mahoney maison mandarin manger manhattan manifest manifested manifesting manifesto manifold manson manure marcel marcelo
margot marian marin marina marine mariner marino marion marius marley marlon marshal martin martina martinez martini marvin
mashed mating maximus mcdonnell mcgrath mcintosh medici medina meditation merging merton messing mikey milder millar milly
milner mined minted mislead modest modestly modesty molten monastery monterey morality mormon moron morrow morse mulberry mulder
nacional naive nebula neutral nissan nonprofit offside opera optimism optimist optimistic outlandish outlying overarching
overcame overcast overcrowded overcrowding overhaul overheating overkill overlooked overlord overly overpowered overpowering
overpriced overrated overtake overtaken overtaking overwatch padilla pairing palace panned parable paranormal parkway parma
pasture patel patented peaked peeing peering peking pelican peoria perceptive pertinent peterson petting phenomena phenomenal
phenomenon philanthropic philanthropist philanthropy physique picker picket pinterest pitching pitting planting playable plunged
plurality poetic polaris pollination ponder pondering pooping populace popularity popularly ported posing potency praying
precarious precede preceded precedence precedent preceding precise predicated preface prefix prentice presently pricing prima
primed projecting projection projector prolong pronoun pronunciation proponent propped protested protesting provence proverb
proving provost psyche puddle pulitzer purity pursued pursuing quarantine quicker quickest quincy racking radiance radiant
raining ranch ranged ranger ranging reacting realty reappear rebate rebellion rebellious reborn recapture recital reconsider
recount recounted recourse recreate recreated redacted redding redress redundancy reelection refine refined refinement refinery
reflected reflecting reflector refrain refuted regent regina regret rehearsal rehearsed rehearsing reigned relate relating
relevance relive remastered reminder repatriation repel repentance repertoire repertory replay replicate replicated replicating
replication rescinded resented resistor resorted resorting restrain resurgence resurrect resurrected resurrection retailer
retailing retaliate retaliation rethink rethinking retiring revealing revel revenge revere reverence reviving revolution
revolved rewarding ridicule ridiculed ridiculous ridiculously rigged rigging ripping riverside robber robbing roland rooster
rosary rotting router rowling ruining russel sabine sable sacked sacking safely sailed sailing salman salon saloon satin savage
savory scaring scavenger scented scouring scouting scream scrum secular sedition seeming senate seniority sequel setter shatter
shedding sheldon shelved shimmer shirley shivering shooter shopped shoved shoving shrine shutter siding silverman silverware
simmer simpler simplest singer sinking sinned skimming slander slash slashing slater slaughter slaughtered slaughtering slavery
slaying sledge sleeper sloping slotted smiled smiley smothered sneaking snitch snowing soaking societal society solder soleil
soothe soothing sowing spacing spanking sparked sparking spawning speaker specter spectre spending spewing spied sprang sprite
sprung spurred spying squire squirt stacey stacking stalemate stalin stalled stalling stamina stanley starred starving staten
stealing steeped steer stephan sterling stillness stinking stinky stipulated stocked stomping storming stranger streaming
strikeout stroking strongest stronghold strongly strung studded stuffed sturgeon styled subculture substantial suffer surrey
sustenance swayed swaying tablespoon tackling tainted taller tanned tasting teaming tempe tenor texting thanked theatrical
thereof thesis throbbing throughput throwback tickled tiled tinder tinged titled touted toying trajectory transaction
transatlantic transistor transnational transpired trashed treacherous trevor tribal tricked tricking trucking truman tunic
tweeted typography underline underlined underway unlock unlocked unlocking unmatched valet valiant variance variation varied
variety vested vetted vibrant vintage violet vocation voiced voicing volley vortex vulgar wading wager waging wailing walden
warner welding westerly wheeling whittaker whopping wiping wisely wonderful wonderfully wondering wonderland woolly worthington
"""
#: Shorter ones, of which a search would make "stent" of "sent".
_SHORT = """
also came come done each else even ever gave give goes gone have hers keep kept knew know last lets like look made make mine
more most much must near need next nice none okay once ones only ours paid pays said says seem seen sees send sends sent soon
such sure take talk tell tells than that them then they this told took upon used uses very wait want wants well went were what
when whom will wish with work year your"""
EVERYDAY = frozenset(_WORDS.split()) | frozenset(_SHORT.split()) | frozenset(_RARER.split())
