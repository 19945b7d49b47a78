"""Words that the invented clients are made of. No name, number or wish belongs to anybody."""

from typing import Final

FIRST_NAMES: Final = (
    "Aino", "Aleksi", "Anja", "Antero", "Arja", "Eero", "Eija", "Elina", "Emmi", "Erkki", "Esa", "Eveliina",
    "Hanna", "Hannu", "Heikki", "Helmi", "Henna", "Iida", "Ilkka", "Irma", "Jaana", "Jarmo", "Jenni", "Joni",
    "Jouko", "Juha", "Kaarina", "Kaisa", "Kalevi", "Kari", "Katri", "Kirsi", "Lauri", "Leena", "Maija",
    "Marko", "Martti", "Matti", "Merja", "Mika", "Minna", "Niina", "Oili", "Olavi", "Oskari", "Paavo",
    "Päivi", "Pentti", "Raija", "Risto", "Ritva", "Saara", "Sami", "Seppo", "Sirpa", "Sofia", "Taina", "Tarja",
    "Teemu", "Timo", "Toivo", "Tuula", "Ulla", "Valtteri", "Veikko", "Vesa",
)  # fmt: skip
LAST_NAMES: Final = (
    "Aaltovirta", "Haapakoski", "Harjulampi", "Hietaniitty", "Honkasaari", "Huhtamaa", "Ilvesoja", "Jokikivi",
    "Kaislaranta", "Kalliovuo", "Kanervala", "Kaukoniemi", "Kivikoski", "Koivusuo", "Korpiluoto", "Kurkiaho",
    "Kuusivaara", "Lampisaari", "Lehtikangas", "Leppäsuo", "Lintukallio", "Louhivuo", "Lumiaho", "Metsäpuro",
    "Mustikkaharju", "Mäntylampi", "Niittyranta", "Oravisto", "Otavaara", "Paatsamala", "Pajukari",
    "Pihlajasuo", "Poutasaari", "Puolukkala", "Rantakivi", "Rautalampi", "Ruisniitty", "Salmivuo", "Sammalisto",
    "Selkäluoto", "Sinivuokko", "Suoranta", "Tammisuo", "Tervakoski", "Tuomiharju", "Tuulisaari", "Vainiola",
    "Vaahteramaa", "Viitakangas", "Virtaluoto", "Vuokkosalo", "Ylikallio",
)  # fmt: skip
SWEDISH_FIRST_NAMES: Final = (
    "Alf", "Anders", "Barbro", "Birgitta", "Bo", "Carita", "Doris", "Ebba", "Gun", "Göran", "Ingrid", "Lars",
    "Maj", "Monica", "Nils", "Ralf", "Solveig", "Stig", "Ulf", "Viveca",
)  # fmt: skip
SWEDISH_LAST_NAMES: Final = (
    "Alskog", "Björkvik", "Granholmen", "Havsudd", "Klippmark", "Lindskär", "Norrvass", "Rönnäng", "Skärvik",
    "Strandbo", "Söderklint", "Tallmo", "Vasskär", "Åkerudd", "Östervik",
)  # fmt: skip

SENDERS: Final = (
    ("Maarit Hiekkala", "terveydenhoitaja"),
    ("Outi Kaisla", "fysioterapeutti"),
    ("Petri Lahdelma", "lääkäri"),
    ("Johanna Rannisto", "sairaanhoitaja"),
    ("Satu Poukama", "sosiaaliohjaaja"),
    ("Tomi Kivelä-Aho", "psykiatrinen sairaanhoitaja"),
    ("Elisa Saarelma", "toimintaterapeutti"),
    ("Ritva Kuusisto-Laine", "muistihoitaja"),
)

BEST_TIMES: Final = (
    "",
    "",
    "",
    "aamupäivällä",
    "iltapäivällä",
    "klo 12 jälkeen",
    "maanantaisin tai torstaisin",
)
INTERPRETERS: Final = ("arabia", "venäjä", "ukraina", "suomalainen viittomakieli")

WISHES: Final = {
    "exercise": (
        "Haluaisin jaksaa kävellä kaupasta kotiin ilman pysähdystä.",
        "Kuntosali jännittää, lähtisin mieluummin pienessä porukassa.",
        "Uinti on ollut ennen mieluisaa.",
        "Toivon liikkumista, joka ei maksa paljon.",
        "Haluan päästä kalaan ja marjaan niin kuin ennen.",
        "Ryhmä sopisi, kunhan tahti on rauhallinen.",
        "Olisi mukava löytää kävelykaveri.",
        "Haluaisin oppia tekemään kotona jotain joka päivä.",
        "Selkä vaivaa, mutta tanssista tykkään.",
        "",
        "",
        "",
    ),
    "culture": (
        "Lauloin ennen kuorossa ja kaipaan sitä.",
        "Lähtisin teatteriin, jos joku tulisi mukaan.",
        "Haluaisin taas piirtää ja maalata.",
        "Kirjasto on lähellä, lukupiiri voisi kiinnostaa.",
        "Illat ovat pitkiä. Jotain tekemistä viikkoon.",
        "Käsityöt rauhoittavat, ompelukone on jo.",
        "",
        "",
    ),
}
SWEDISH_WISHES: Final = (
    "Jag vill gärna ha en grupp på svenska.",
    "Promenader i lugn takt skulle passa bra.",
    "Jag vill orka med trädgården i sommar.",
    "",
)
HEEDED: Final = (
    "Kävely onnistuu noin 200 metriä kerrallaan.",
    "Portaat ovat hankalat.",
    "Kuulo on heikko: puhu selkeästi ja rauhassa.",
    "Jännittää uusia paikkoja, ensimmäinen kerta mieluiten kahden.",
    "Käyttää rollaattoria ulkona.",
    "Näkö on heikentynyt.",
    "Tulee bussilla, aamut eivät sovi.",
    "",
    "",
    "",
    "",
)
CASE_NOTES: Final = (
    "Sovittiin, että aloitetaan kahdesta kävelystä viikossa.",
    "Tutustuminen kuntosaliin yhdessä ensi kerralla.",
    "Kiinnostui vesijumpasta. Lähetän aikataulun.",
    "Puoliso lähtee mukaan ensimmäiselle kerralle.",
)
STREETS: Final = ("Koivukuja", "Rantatie", "Harjupolku", "Niittykatu", "Myllytie", "Satamakatu")
