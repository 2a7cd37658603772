//! Which controls of common frameworks this report is evidence for, and what of each it does not cover.

/// One clause.
pub(super) struct Control {
    pub(super) framework: &'static str,
    pub(super) clause: &'static str,
    /// What the clause asks for, in our words.
    pub(super) asks: &'static str,
    /// What this report shows of it.
    pub(super) shows: &'static str,
    /// What it does not.
    pub(super) lacks: &'static str,
}

/// In order of framework.
pub(super) const CONTROLS: [Control; 7] = [
    Control {
        framework: "SOC 2",
        clause: "CC6.2",
        asks: "Users are registered and authorized before they get credentials; credentials are removed when access is no longer authorized",
        shows: "Users without a row in an expected list; former employees who still have access; IAM users without an owner",
        lacks: "The approval of each request; how long a removal took",
    },
    Control {
        framework: "SOC 2",
        clause: "CC6.3",
        asks: "Access is based on roles and changed or removed in time, with least privilege and segregation of duties",
        shows: "Each access with its path and the row that expects it; administrators; changes since the earlier run",
        lacks: "Segregation of duties; whether the permissions are the least that the work needs",
    },
    Control {
        framework: "ISO/IEC 27001:2022",
        clause: "A.5.18",
        asks: "Access rights are provisioned, reviewed, modified and removed in accordance with the access policy",
        shows: "A record of all rights that were read; deviations from the lists; expiry dates of rows and waivers",
        lacks: "The reviewer's decisions on each right; the access policy itself",
    },
    Control {
        framework: "ISO/IEC 27001:2022",
        clause: "A.8.2",
        asks: "Privileged access rights are restricted and managed",
        shows: "Administrators by person, IAM user, root user and account, with the policy that makes them so",
        lacks: "How privileged access is used; privileges outside AWS and inside applications",
    },
    Control {
        framework: "PCI DSS 4.0.1",
        clause: "7.2.4",
        asks: "User accounts and access privileges are reviewed at least every six months; inappropriate access is addressed; management acknowledges",
        shows: "All access at one instant; findings with what to do; findings of the earlier run that were resolved",
        lacks: "Management's acknowledgment; the job function of each person; access that is not in AWS",
    },
    Control {
        framework: "PCI DSS 4.0.1",
        clause: "7.2.5.1",
        asks: "Access of application and system accounts is reviewed periodically and remains appropriate",
        shows: "IAM users with policies, credentials, owner and last use; roles that trust principals outside the organization",
        lacks: "The risk analysis that sets the frequency; roles of workloads inside the organization",
    },
    Control {
        framework: "NIST SP 800-53 Rev. 5",
        clause: "AC-2",
        asks: "Accounts are managed: authorized, monitored, disabled when no longer needed, and reviewed",
        shows: "Accounts without authorization; accounts of former employees; a review of all accounts at one instant (AC-2 j)",
        lacks: "Account managers and their approvals; inactivity of Identity Center users; atypical use",
    },
];
