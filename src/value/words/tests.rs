use super::*;

/// A small dictionary in the real file's schema.
pub(crate) fn words() -> Words {
    let dictionary: Dictionary = toml::from_str(
        r##"
        fields = {}
        lookalikes = {}
        missing = { any = ["-", "?", "tbc", "n/a", "#N/A"], de = ["k.A.", "unbekannt"], nl = ["n.v.t."], es = ["s/d"] }
        totals = { en = ["total", "grand total", "subtotal"], de = ["Summe", "gesamt", "Zwischensumme"], nl = ["totaal"] }
        about = { en = ["at least", "about"], de = ["mind", "ca"], es = ["o más"] }
        count_units = { any = ["x"], en = ["meetings", "meeting", "people", "contacts"], de = ["Gespräche"], nl = ["gesprekken"] }
        currencies = { EUR = ["€", "euro"], GBP = ["£"], USD = ["$", "US$"], BRL = ["R$"], CHF = ["Fr."] }
        abbreviations = {}
        stop_words = {}
        discriminating = {}
        sides = {}
        year_words = {}
        windows = {}
        legal_forms = ["Ltd", "GmbH", "B.V.", "S.A.", "AG", "Co KG"]
        name_words = {}
        [levels.senior]
        en = ["senior", "director", "CEO", "CFO", "VP", "finance director", "C-level", "board"]
        de = ["Geschäftsführer", "hoch"]
        pt = ["diretor"]
        [levels.middle]
        en = ["middle", "head of", "manager"]
        de = ["Abteilungsleiter", "mittel"]
        nl = ["middenkader"]
        [levels.junior]
        en = ["junior", "assistant", "buyer"]
        pt = ["estagiário"]
        [stages.active]
        en = ["active", "client"]
        [stages.prospect]
        en = ["prospect", "lead"]
        [stages.former]
        en = ["former", "lost"]
        de = ["gekündigt"]
        [statuses.at_risk]
        en = ["at risk"]
        de = ["gefährdet"]
        [statuses.watch]
        en = ["watch"]
        [statuses.strong]
        en = ["strong"]
        [numbers.0]
        en = ["none", "zero"]
        de = ["keine"]
        [numbers.1]
        en = ["one"]
        [numbers.2]
        en = ["two"]
        nl = ["twee"]
        [numbers.12]
        de = ["zwölf"]
        [scales.1000]
        any = ["k", "T"]
        de = ["Tsd."]
        pt = ["mil"]
        [scales.1000000]
        any = ["Mio", "M"]
        en = ["million", "mil"]
        [months.3]
        de = ["März", "Mrz"]
        fr = ["mars"]
        en = ["March", "Mar"]
        [months.5]
        en = ["May"]
        pt = ["maio"]
        [months.11]
        en = ["November", "Nov"]
        pt = ["novembro"]
        "##,
    )
    .unwrap();
    Words::new(&dictionary)
}

#[test]
fn missing_zero_and_signs_are_kept_apart() {
    let words = words();
    for missing in [
        "",
        "  ",
        "-",
        "--",
        "—",
        "…",
        "....",
        "?",
        "??",
        "N/A",
        "n/a ",
        "\u{a0}tbc",
        "TBC.",
        "k.A.",
        "k. A.",
        "K.A",
        "#N/A",
        "S/D",
    ] {
        assert!(words.is_missing(missing), "{missing}");
    }
    for value in ["0", "-0", "-5", "x", "+", "€", "none", "no", "a"] {
        assert!(!words.is_missing(value), "{value}");
    }
}

#[test]
fn totals_are_words_not_beginnings_of_words() {
    let words = words();
    for (text, total) in [
        ("Total", Some(TotalWord::Alone)),
        ("TOTAL:", Some(TotalWord::Alone)),
        ("Grand Total 2026", Some(TotalWord::Alone)),
        ("Total (12)", Some(TotalWord::Alone)),
        ("Total North", Some(TotalWord::AtEdge)),
        ("Region Nord gesamt", Some(TotalWord::AtEdge)),
        ("Total Energies SE", Some(TotalWord::AtEdge)),
        ("TotalEnergies", None),
        ("Summer & Sons", None),
        ("12", None),
        ("", None),
    ] {
        assert_eq!(words.total(text), total, "{text}");
    }
}

#[test]
fn currencies_scales_and_forms() {
    let words = words();
    for (text, code) in [("€", "EUR"), ("eur", "EUR"), ("R$", "BRL"), ("US$", "USD"), (" Euro ", "EUR"), ("Fr.", "CHF")]
    {
        assert_eq!(words.currency(text).unwrap().code(), code, "{text}");
    }
    assert_eq!(words.currency("bananas"), None);
    for (text, scale) in [("k", Some(1e3)), ("Tsd.", Some(1e3)), ("mio", Some(1e6)), ("mil", None), ("", None)] {
        assert_eq!(words.scale(text), scale, "{text}");
    }
    for (name, form) in
        [("Muster GmbH", true), ("Bakker B.V.", true), ("Nord", false), ("Huber GmbH & Co. KG", true), ("AG", false)]
    {
        assert_eq!(words.has_legal_form(name), form, "{name}");
    }
    assert!(words.is_example("Exemple : Dupont SA") && !words.is_example("Example Ltd"));
    assert_eq!(words.level("geschaeftsfuehrer"), Some(Level::Senior));
    assert_eq!(words.stage("gekundigt"), Some(Stage::Former));
}
