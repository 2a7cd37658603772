//! The sample organization, which a fresh clone audits: a company in order, then what went wrong in it, one deviation
//! at a time.

use super::{File, Story, call_line, group, user};

/// The instant that the sample speaks about.
pub const AS_OF: &str = "2026-11-20T08:00:00Z";

/// What nobody approved for auditors: to read what lies in buckets.
const READS_OBJECTS: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;

/// The export of the contractors' domain: three weeks old, and by another tool.
const CONTRACTORS: &str = "\
version: 1

# Frank Ferrer, Contractors, corp.example.com
dn: CN=Frank Ferrer,OU=Contractors,DC=corp,DC=example,DC=com
objectClass: top
objectClass: person
objectClass: organizationalPerson
objectClass: user
cn: Frank Ferrer
displayName: Frank Ferrer
sAMAccountName: frank.ferrer
userPrincipalName: frank.ferrer@corp.example.com
userAccountControl: 512
accountExpires: 9223372036854775807

# AWS-Contractors, Groups, corp.example.com
dn: CN=AWS-Contractors,OU=Groups,DC=corp,DC=example,DC=com
objectClass: top
objectClass: group
cn: AWS-Contractors
sAMAccountName: AWS-Contractors
groupType: -2147483646
member: CN=Frank Ferrer,OU=Contractors,DC=corp,DC=example,DC=com

# search result
search: 2
result: 0 Success

# numResponses: 3
# numEntries: 2
";

impl Story {
    /// The sample organization with everything that is wrong in it.
    pub fn sample() -> Self {
        let mut story = Story::sample_in_order();
        story
            // Nobody hired Mallory, and yet.
            .stranger("mallory.finch")
            .aws_member("AWS-Developers", "mallory.finch")
            .aws_grant(user("mallory.finch"), "AdministratorAccess", "production")
            // Dora has left; Erik has not been synchronised; Bob helped out among the administrators and stayed.
            .leaves("dora.diaz")
            .aws_user_gone("erik.eklund")
            .aws_member("AWS-Administrators", "bob.berg")
            .aws_member_gone("AWS-Developers", "ivan.ilic")
            // A group that was made in the console, an assignment that nobody wrote down, a row that nobody met.
            .aws_group("Temporary-Migration")
            .aws_member("Temporary-Migration", "carol.chen")
            .aws_grant(group("AWS-Developers"), "PowerUserAccess", "production")
            .expect_grant(group("AWS-Auditors"), "SecurityAudit", "development")
            // IAM: a forgotten key of a migration, and a policy that grew.
            .aws_iam_user("production", "svc-migration-2024", &["AdministratorAccess"])
            .attach("production", "svc-backup", "AmazonEC2FullAccess")
            // A permission set that grew behind its name.
            .permission_set_grows("SecurityAudit", READS_OBJECTS)
            // A partner of years ago may still come in, and nobody gave the root user a second factor.
            .role_for("production", "Partner-Exchange", "888877776666")
            .root("production", "true", false, 0)
            // Accepted, and expired.
            .waive("unexpected-group", "Temporary-Migration", "2026-12-31")
            .waive("missing-membership", "ivan.ilic@corp.example.com", "2026-10-31");
        story
    }

    /// The sample organization as it should be.
    fn sample_in_order() -> Self {
        let mut story = Story::company();
        story.aws.permission_sets.clear();
        for (key, id, name) in [
            ("management", "111122223333", "Acme Management"),
            ("production", "222233334444", "Acme Production"),
            ("development", "333344445555", "Acme Development"),
            ("sandbox", "444455556666", "Acme Sandbox"),
        ] {
            story.account(key, id, name);
        }
        story.aws.accounts.retain(|key, _| key != "prod" && key != "dev");
        story.aws.iam.retain(|key, _| key != "prod" && key != "dev");
        for set in ["AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess", "SecurityAudit"] {
            story.permission_set(set, set);
        }
        for name in ["AWS-Administrators", "AWS-Auditors", "AWS-Developers", "AWS-Engineering"] {
            story.group(name);
        }
        story
            .hire("alice.ash", &["AWS-Administrators"])
            .hire("bob.berg", &["AWS-Developers"])
            .hire("carol.chen", &["AWS-Developers"])
            .hire("dora.diaz", &["AWS-Developers"])
            .hire("erik.eklund", &["AWS-Developers"])
            .hire("gita.gupta", &["AWS-Auditors"])
            .hire("hiro.hayashi", &["AWS-Administrators"])
            .hire("ivan.ilic", &["AWS-Developers"])
            .nest("AWS-Developers", "AWS-Engineering")
            .nest("AWS-Administrators", "AWS-Engineering")
            .aws_group("AWS-Contractors")
            .stranger("frank.ferrer")
            .aws_member("AWS-Contractors", "frank.ferrer")
            .aws_grant(group("AWS-Administrators"), "AdministratorAccess", "production")
            .aws_grant(group("AWS-Administrators"), "AdministratorAccess", "development")
            .aws_grant(group("AWS-Administrators"), "AdministratorAccess", "management")
            .aws_grant(group("AWS-Administrators"), "AdministratorAccess", "sandbox")
            .expect_grant(group("AWS-Administrators"), "AdministratorAccess", "Acme *")
            .grant(group("AWS-Developers"), "PowerUserAccess", "development")
            .grant(group("AWS-Engineering"), "ReadOnlyAccess", "production")
            .grant(group("AWS-Auditors"), "SecurityAudit", "production")
            .grant(group("AWS-Contractors"), "ReadOnlyAccess", "development")
            .iam_user("production", "svc-backup", &["AmazonS3ReadOnlyAccess"], "alice.ash")
            .iam_user("development", "svc-jenkins", &["PowerUserAccess"], "hiro.hayashi")
            .aws_application("Grafana", group("AWS-Developers"))
            .expect_application("Grafana", Some(group("AWS-Developers")))
            .entitling_role("development", "BuildOperator")
            .aws_entitle(group("AWS-Developers"), "BuildOperator", "development")
            .expect_entitlement(group("AWS-Developers"), "BuildOperator", "development")
            .role_for("production", "VendorScanner", "999988887777")
            .expect_trust("production", "VendorScanner", "999988887777")
            .approve_permission_sets();
        story
    }

    /// The folder of the sample's saved AWS CLI output. In the sandbox, IAM could not be read.
    pub fn sample_aws(&self) -> Vec<File> {
        let mut files = self.saved_files();
        let sandbox = &self.aws.accounts["sandbox"].id;
        let calls = files.iter_mut().find(|file| file.name == "calls.jsonl").expect("the list of calls");
        let mut denied = Vec::new();
        let lines: Vec<String> = calls
            .text
            .lines()
            .map(|line| {
                let call: serde_json::Value = serde_json::from_str(line).expect("JSON");
                if call["account"] != sandbox.as_str() {
                    return line.to_owned();
                }
                let (command, file) = (call["command"].as_str().expect("text"), call["file"].as_str().expect("text"));
                denied.push((file.to_owned(), command.to_owned()));
                call_line(command, &call["parameters"], Some(sandbox), 254, file)
            })
            .collect();
        calls.text = lines.join("\n") + "\n";
        for (file, command) in denied {
            files.retain(|kept| kept.name != file);
            let operation: String =
                command.split_once(' ').expect("service and command").1.split('-').map(super::capital).collect();
            let text = format!(
                "\nAn error occurred (AccessDenied) when calling the {operation} operation: User: \
                 arn:aws:sts::{sandbox}:assumed-role/RollcallAuditor/rollcall is not authorized to perform: \
                 iam:{operation} on resource: *\n"
            );
            files.push(File { name: format!("{file}.err"), text });
        }
        files
    }

    /// The sample's expected lists.
    pub fn sample_lists(&self) -> Vec<(String, String)> {
        let mut files = self.expected_files();
        files.push(("directory/contractors-2026-10-30.ldif".to_owned(), CONTRACTORS.to_owned()));
        files
    }
}
