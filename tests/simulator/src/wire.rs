//! Answers and errors in the protocol of their service.

use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::call::{Call, Protocol};
use crate::fault::Trouble;
use crate::http::Reply;

/// An answer.
pub(crate) fn answer(call: &Call, answer: &Value, request_id: &str) -> Reply {
    match call.protocol {
        Protocol::Json => json_reply(200, "application/x-amz-json-1.1", answer, request_id),
        Protocol::Rest => json_reply(200, "application/json", answer, request_id),
        Protocol::Query => {
            let name = &call.name;
            let mut xml = format!("<{name}Response xmlns=\"{}\"><{name}Result>", namespace(&call.service));
            write_xml(&mut xml, answer);
            xml.push_str(&format!(
                "</{name}Result><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{name}Response>"
            ));
            xml_reply(200, xml, request_id)
        }
    }
}

/// An error.
pub(crate) fn refusal(call: &Call, refusal: &Refusal, request_id: &str) -> Reply {
    let Refusal { status, code, message } = refusal;
    match call.protocol {
        Protocol::Json => {
            let body = json!({"__type": code, "Message": message, "message": message, "RequestId": request_id});
            json_reply(*status, "application/x-amz-json-1.1", &body, request_id)
        }
        Protocol::Rest => {
            let mut reply = json_reply(*status, "application/json", &json!({"message": message}), request_id);
            reply.headers.push(("x-amzn-ErrorType", (*code).to_owned()));
            reply
        }
        Protocol::Query => {
            let blamed = if *status < 500 { "Sender" } else { "Receiver" };
            let xml = format!(
                "<ErrorResponse xmlns=\"{}\"><Error><Type>{blamed}</Type><Code>{code}</Code><Message>{}</Message></Error>\
                 <RequestId>{request_id}</RequestId></ErrorResponse>",
                namespace(&call.service),
                escaped(message)
            );
            xml_reply(*status, xml, request_id)
        }
    }
}

/// What becomes of an answer on the way; its length fits.
pub(crate) fn damage(reply: &mut Reply, trouble: Trouble) {
    if trouble == Trouble::Bodiless {
        reply.body.clear();
    } else if trouble == Trouble::Void {
        reply.body = json!({"message": "upstream request timeout"}).to_string().into_bytes();
    } else {
        let text = String::from_utf8_lossy(&reply.body);
        // Behind an entry, and so where the SDK's own reader does not notice; in JSON it does everywhere.
        let entry = text.rfind("</member>").map(|at| at + "</member>".len());
        let end = entry.or_else(|| text.rfind("</")).unwrap_or(text.len() / 2);
        reply.body.truncate(end);
    }
}

/// JSON.
pub(crate) fn json_reply(status: u16, content_type: &'static str, body: &Value, request_id: &str) -> Reply {
    let body = body.to_string().into_bytes();
    Reply { status, content_type, headers: vec![("x-amzn-RequestId", request_id.to_owned())], body }
}

fn xml_reply(status: u16, xml: String, request_id: &str) -> Reply {
    let headers = vec![("x-amzn-RequestId", request_id.to_owned())];
    Reply { status, content_type: "text/xml", headers, body: xml.into_bytes() }
}

fn namespace(service: &str) -> &'static str {
    if service == "sts" {
        "https://sts.amazonaws.com/doc/2011-06-15/"
    } else {
        "https://iam.amazonaws.com/doc/2010-05-08/"
    }
}

/// Objects become elements, lists become `member`s, as the query protocol has it; a map (`SummaryMap`) is a list of
/// `entry`s and says so by its name.
fn write_xml(xml: &mut String, value: &Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                xml.push_str(&format!("<{name}>"));
                if name.ends_with("Map") {
                    write_map(xml, field);
                } else {
                    write_xml(xml, field);
                }
                xml.push_str(&format!("</{name}>"));
            }
        }
        Value::Array(entries) => {
            for entry in entries {
                xml.push_str("<member>");
                write_xml(xml, entry);
                xml.push_str("</member>");
            }
        }
        Value::String(text) => xml.push_str(&escaped(text)),
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) => xml.push_str(&value.to_string()),
    }
}

fn write_map(xml: &mut String, map: &Value) {
    for (key, value) in map.as_object().into_iter().flatten() {
        xml.push_str(&format!("<entry><key>{key}</key><value>"));
        write_xml(xml, value);
        xml.push_str("</value></entry>");
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
