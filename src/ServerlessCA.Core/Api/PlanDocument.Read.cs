using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Api;

/// <content>Reads the document.</content>
public static partial class PlanDocument
{
    private const string Unjudged = "Unknown"; // of a revocation that nobody has judged

    /// <summary>Reads the document. The plan holds what it says: no decisions, and of rows the name, the serial number and the end of
    /// validity.</summary>
    /// <param name="utf8">JSON.</param>
    /// <exception cref="UnreadableDocumentException">It is not such a document.</exception>
    public static Plan Read(ReadOnlyMemory<byte> utf8) => DocumentReader.Read(utf8, document =>
    {
        DateTimeOffset at = document.Time("At");
        IReadOnlyList<StepResult> steps = document.List("Steps", RunDocument.ReadStep);
        IReadOnlyList<string> faulty = document.Texts("FaultySteps");
        return new Plan
        {
            At = at,
            Entries = document.List("Entries", ReadEntry),
            Revocations = document.List("Revocations", ReadRevocation),
            Vanished = new VanishedEntries(document.List("Vanished", ReadRow), document.Count("MoreVanished"), document.TextOrNull("VanishedFault")),
            Reminders = new ReminderDecision(at, document.List("Reminders", ReadReminder), [], []),
            Steps = steps,
            FaultySteps = [.. steps.Where(step => faulty.Contains(Operation.Of(step.Step).Name))],
            StandIns = document.Texts("StandIns"),
        };
    });

    private static PlannedEntry ReadEntry(DocumentReader entry)
    {
        ListPlace place = ReadPlace(entry);
        var verdict = entry.Word<PlannedVerdict>("Plan");
        bool isThere = verdict is PlannedVerdict.AlreadyIssued or PlannedVerdict.Changed;
        string name = entry.Text("CommonName");
        string? message = entry.TextOrNull("Message");
        SerialNumber? present = entry.SerialOrNull(isThere ? "SerialNumber" : "Replaces");
        return new PlannedEntry
        {
            Place = place,
            Verdict = verdict,
            Result = new EntryResult
            {
                Position = place.Position,
                Line = place.Line,
                CommonName = name,
                Status = StatusOf(verdict),
                SerialNumber = entry.SerialOrNull("SerialNumber"),
                Expires = entry.TimeOrNull("Expires"),
                Message = isThere ? null : message,
            },
            Remark = isThere ? message : null,
            Code = entry.TextOrNull("Code") is { } code ? RejectionCodes.Find(code) : null,
            Warnings = entry.Texts("Warnings"),
            Findings = entry.List("Findings", ReadFinding),
            Refusal = entry.TextOrNull("RefusedNow") is { } refusal ? Rejection.Malformed("", refusal) : null,
            Present = present is { } serial ? RowOf(name, serial, entry.TimeOrNull(isThere ? "Expires" : "ReplacedExpires") ?? default) : null,
            Differences = entry.List("Differences", difference => new CertificateDifference(
                difference.Text("What"), difference.Texts("Before"), difference.Texts("After"), difference.Word<DifferenceCause>("Cause"))),
            Facts = entry.ObjectOrNull("Certificate", facts => FactsDocument.ReadContents(facts, facts.Time("ValidFrom"), facts.Time("ValidTo"))),
            TbsDer = entry.ObjectOrNull("Certificate", ReadTbs)?.Der,
        };
    }

    private static EntryStatus StatusOf(PlannedVerdict verdict) => verdict switch
    {
        PlannedVerdict.Issue => EntryStatus.Issued,
        PlannedVerdict.AlreadyIssued or PlannedVerdict.Changed => EntryStatus.AlreadyIssued,
        PlannedVerdict.Refuse => EntryStatus.Refused,
        _ => EntryStatus.Failed,
    };

    private static Tbs ReadTbs(DocumentReader certificate)
    {
        if (certificate.TextOrNull("Base64Tbs") is not { } base64)
        {
            return new Tbs(null);
        }

        byte[] der = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, der, out int length) ? new Tbs(der[..length]) : throw certificate.Wrong("Base64Tbs", "base64");
    }

    // A lint of a later version is shown, too.
    private static PreIssuanceFinding ReadFinding(DocumentReader finding) => new(
        new PreIssuanceLint(finding.Text("Id"), finding.Word("Severity", LintPolicy.FindSeverity), finding.Text("Clause")) { Explanation = "", Advice = "" },
        finding.Text("Message"));

    private static PlannedRevocation ReadRevocation(DocumentReader revocation)
    {
        string plan = revocation.Text("Plan");
        string serial = revocation.TextOrNull("SerialNumber") ?? "";
        var place = new EntryPlace(ReadPlace(revocation), revocation.TextOrNull("CommonName") ?? "", serial);
        return new PlannedRevocation(place)
        {
            IsUnjudged = plan == Unjudged,
            Decision = revocation.Has("Reason") ? ReadDecision(revocation, place, plan) : null,
            Failures = revocation.Texts("Failures"),
        };
    }

    // An entry that can be read has a reason.
    private static ListedDecision ReadDecision(DocumentReader revocation, EntryPlace place, string plan)
    {
        RevocationReason reason = revocation.Word<RevocationReason>("Reason", word => RevocationReasons.TryParse(word, out RevocationReason known) ? known : null);
        ListedVerdict verdict = plan == Unjudged ? ListedVerdict.Impossible : revocation.Word<ListedVerdict>("Plan");
        return new ListedDecision(new ListedEntry(place, place.CommonName, default, reason), verdict, revocation.Serial("SerialNumber"))
        {
            Expires = revocation.TimeOrNull("Expires"),
            Warning = revocation.TextOrNull("Warning"),
        };
    }

    private static Reminder ReadReminder(DocumentReader reminder) => new(ReadRow(reminder), ReminderCause.Day, reminder.Count("DaysRemaining"));

    private static CertificateRecord ReadRow(DocumentReader row) => RowOf(row.Text("CommonName"), row.Serial("SerialNumber"), row.Time("Expires"));

    private static CertificateRecord RowOf(string name, SerialNumber serial, DateTimeOffset expires) =>
        new() { CommonName = name, SerialNumber = serial, Issued = default, Expires = expires, CertificatePem = "" };

    private static ListPlace ReadPlace(DocumentReader place) =>
        new(place.Text("File"), place.Count("Position")) { Line = place.Has("Line") ? place.Count("Line") : null };

    private sealed record Tbs(byte[]? Der);
}
