//! What the program prints and writes conforms to the schemas that it publishes.

use crate::support::{fixtures, keeptabs, run};
use keeptabs::schema::Form;
use serde_json::Value;

/// Whether a value conforms, with everything in it declared; else where it does not.
fn conforms(value: &Value, schema: &Value, root: &Value, place: &str) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).ok_or(format!("{place}: no {reference}"))?;
        return conforms(value, target, root, place);
    }
    for many in ["anyOf", "oneOf"] {
        if let Some(schemas) = schema[many].as_array() {
            let fits = schemas.iter().any(|schema| conforms(value, schema, root, place).is_ok());
            return fits.then_some(()).ok_or(format!("{place}: {value} is none of {many}"));
        }
    }
    if let Some(constant) = schema.get("const") {
        return (constant == value).then_some(()).ok_or(format!("{place}: {value}, not {constant}"));
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.contains(value).then_some(()).ok_or(format!("{place}: {value} is not among {words:?}"));
    }
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allows = |name: &Value| name == is || (name == "number" && is == "integer");
    let allowed = match &schema["type"] {
        Value::Array(names) => names.iter().any(allows),
        name => allows(name),
    };
    if !allowed {
        return Err(format!("{place}: {is}, not {}", schema["type"]));
    }
    for item in value.as_array().into_iter().flatten() {
        conforms(item, &schema["items"], root, &format!("{place}[]"))?;
    }
    if let Some(object) = value.as_object() {
        for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            object.get(key).ok_or(format!("{place}: {key} is missing"))?;
        }
        for (key, value) in object {
            let property = schema["properties"].get(key).or(schema.get("additionalProperties"));
            let property = property.filter(|property| property.is_object());
            conforms(
                value,
                property.ok_or(format!("{place}: {key} is not declared"))?,
                root,
                &format!("{place}.{key}"),
            )?;
        }
    }
    Ok(())
}

pub(crate) fn check(value: &Value, form: Form) {
    let schema = form.schema();
    if let Err(why) = conforms(value, &schema, &schema, "") {
        panic!("{form:?} {why}");
    }
}

#[test]
fn reports_conform() {
    for case in ["cases/needs-review/inbox", "cases/wrong-values/inbox", "cases/fails/inbox", "inbox"] {
        let ran = run(&fixtures().join(case), &[]);
        check(&ran.report(), Form::Report);
        let map = keeptabs().arg("map").arg(fixtures().join(case)).args(["--format", "json"]).output().unwrap();
        check(&serde_json::from_slice(&map.stdout).unwrap(), Form::Map);
    }
}

#[test]
fn the_schema_refuses_what_is_not_declared() {
    let schema = Form::Report.schema();
    let mut report = run(&fixtures().join("cases/needs-review/inbox"), &[]).report();
    report["files"][0]["colour"] = Value::from("blue");
    assert!(conforms(&report, &schema, &schema, "").unwrap_err().contains("colour is not declared"));
    report["files"][0]["status"] = Value::from("fine");
    report["files"][0].as_object_mut().unwrap().remove("colour");
    assert!(conforms(&report, &schema, &schema, "").is_err());
}

#[test]
fn the_effective_configuration_conforms_and_is_read_back() {
    let folder = tempfile::TempDir::new().unwrap();
    let config = folder.path().join("mine.toml");
    std::fs::write(&config, "language = \"nl\"\n[[same]] names = [\"A\", \"B\"]\n[flags]\nsurvey = 5\n").unwrap();
    let print = |config: &std::path::Path, format: &str| {
        let output = keeptabs().args(["config", "--format", format, "--config"]).arg(config).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let json: Value = serde_json::from_str(&print(&config, "json")).unwrap();
    check(&json, Form::Config);
    assert_eq!(
        (&json["language"], &json["flags"]["survey"], &json["flags"]["meetings"]),
        (&Value::from("nl"), &Value::from(5.0), &Value::from(2.0))
    );
    let toml = print(&config, "text");
    let again = folder.path().join("again.toml");
    std::fs::write(&again, &toml).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&print(&again, "json")).unwrap(), json);
}

#[test]
fn schemas_are_printed() {
    for (argument, form) in [
        ("--schema", Form::Config),
        ("--schema=report", Form::Report),
        ("--schema=map", Form::Map),
        ("--schema=error", Form::Error),
    ] {
        let output = keeptabs().args(["config", argument]).output().unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap(), form.schema());
    }
}
