//! moto refuses changes as AWS does, and what befalls a caller who changes something can be brought about: a test of a
//! change on a lenient stand-in proves nothing.

use serde_json::{Value, json};

use crate::support::Moto;

#[test]
fn moto_refuses_changes_as_aws_does_and_faults_befall_as_they_say() {
    let told = Moto::start().proofs();
    assert_eq!(told["failed"], json!({}));
    // A claim that is not made is not proven either.
    assert!(told["proven"].as_array().is_some_and(|proven| proven.len() >= 43), "{told}");
}

#[test]
fn writing_calls_are_told_apart_from_reading_ones_and_in_order() {
    let moto = Moto::start();
    for arguments in [["iam", "create-user", "--user-name=ann"], ["iam", "get-user", "--user-name=ann"]] {
        assert_eq!(moto.aws(&arguments).code, 0);
    }
    assert_eq!(moto.aws(&["iam", "delete-user", "--user-name=ann"]).code, 0);

    let user: Value = json!({"Action": "CreateUser", "UserName": "ann", "Version": "2010-05-08"});
    assert_eq!(moto.writes(), json!({"iam:CreateUser": 1, "iam:DeleteUser": 1}));
    assert_eq!(moto.writing_calls()[0], json!(["iam:CreateUser", "123456789012", user]));
    assert_eq!(moto.ledger()["iam:GetUser"], 1);
}
