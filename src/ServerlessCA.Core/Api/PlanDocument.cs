using System.Text.Json;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Writes and reads the document of <c>plan</c> (docs/json.md).</summary>
public static partial class PlanDocument
{
    /// <summary>Writes the members.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="show">Also the certificates.</param>
    public static void Write(Utf8JsonWriter writer, Plan plan, bool show)
    {
        writer.WriteString("At", Rfc3339.Text(plan.At));
        JsonText.WriteList(writer, "Entries", plan.Entries, entry => Write(writer, entry, show));
        JsonText.WriteList(writer, "Revocations", plan.Revocations, revocation => Write(writer, revocation));
        JsonText.WriteList(writer, "Vanished", plan.Vanished.Rows, row => WriteRow(writer, row));
        writer.WriteNumber("MoreVanished", plan.Vanished.More);
        writer.WriteString("VanishedFault", plan.Vanished.Fault);
        JsonText.WriteList(writer, "Reminders", plan.Reminders?.Due ?? [], reminder => Write(writer, reminder));
        JsonText.WriteList(writer, "Steps", plan.Steps, step => RunDocument.WriteStep(writer, step));
        JsonText.WriteTexts(writer, "FaultySteps", plan.FaultySteps.Select(step => Operation.Of(step.Step).Name));
        JsonText.WriteTexts(writer, "StandIns", plan.StandIns);
        writer.WriteBoolean("Fails", plan.Fails);
        writer.WriteBoolean("Refuses", plan.Refuses);
        writer.WriteBoolean("Changes", plan.Changes);
    }

    private static void Write(Utf8JsonWriter writer, PlannedEntry entry, bool show)
    {
        WritePlace(writer, entry.Place);
        writer.WriteString("CommonName", entry.Result.CommonName);
        writer.WriteString("Plan", entry.Verdict.ToString());
        writer.WriteString("SerialNumber", entry.Result.SerialNumber?.ToString());
        writer.WriteString("Expires", entry.Result.Expires is { } expires ? Rfc3339.Text(expires) : null);
        writer.WriteString("Message", entry.Result.Message ?? entry.Remark);
        writer.WriteString("Code", entry.Code is { } code ? RejectionCodes.NameOf(code) : null);
        JsonText.WriteTexts(writer, "Warnings", entry.Warnings);
        JsonText.WriteList(writer, "Findings", entry.Findings, finding => Write(writer, finding));
        writer.WriteString("RefusedNow", entry.Refusal?.Message);
        CertificateRecord? replaced = entry.Verdict == PlannedVerdict.Issue ? entry.Present : null;
        writer.WriteString("Replaces", replaced?.SerialNumber.ToString());
        writer.WriteString("ReplacedExpires", replaced is null ? null : Rfc3339.Text(replaced.Expires));
        JsonText.WriteList(writer, "Differences", entry.Differences, difference => Write(writer, difference));
        if (show && entry.ShowsCertificate)
        {
            WriteCertificate(writer, entry);
        }
    }

    private static void Write(Utf8JsonWriter writer, PreIssuanceFinding finding)
    {
        writer.WriteString("Id", finding.Lint.Id);
        writer.WriteString("Severity", LintPolicy.NameOf(finding.Lint.Severity));
        writer.WriteString("Clause", finding.Lint.Clause);
        writer.WriteString("Message", finding.Message);
    }

    private static void WriteCertificate(Utf8JsonWriter writer, PlannedEntry entry)
    {
        CertificateFacts facts = entry.Facts!;
        writer.WriteStartObject("Certificate");
        writer.WriteString("ValidFrom", Rfc3339.Text(facts.NotBefore));
        writer.WriteString("ValidTo", Rfc3339.Text(facts.NotAfter));
        FactsDocument.WriteContents(writer, facts);
        writer.WriteString("Base64Tbs", entry.TbsDer is { } tbs ? Convert.ToBase64String(tbs) : null);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CertificateDifference difference)
    {
        writer.WriteString("What", difference.What);
        JsonText.WriteTexts(writer, "Before", difference.Before);
        JsonText.WriteTexts(writer, "After", difference.After);
        writer.WriteString("Cause", difference.Cause.ToString());
    }

    private static void Write(Utf8JsonWriter writer, PlannedRevocation revocation)
    {
        WritePlace(writer, revocation.Place);
        writer.WriteString("CommonName", revocation.Row?.CommonName ?? revocation.Entry.CommonName);
        writer.WriteString("SerialNumber", revocation.Decision?.SerialNumber.ToString() ?? revocation.Entry.SerialNumber);
        writer.WriteString("Plan", revocation.IsUnjudged ? Unjudged : (revocation.Decision?.Verdict ?? ListedVerdict.Impossible).ToString());
        writer.WriteString("Expires", revocation.Decision?.Expires is { } expires ? Rfc3339.Text(expires) : null);
        writer.WriteString("Reason", revocation.Decision is { } decision ? RevocationReasons.Name(decision.Entry.Reason) : null);
        JsonText.WriteTexts(writer, "Failures", revocation.Failures);
        writer.WriteString("Warning", revocation.Decision?.Warning);
    }

    private static void WriteRow(Utf8JsonWriter writer, CertificateRecord row)
    {
        writer.WriteString("CommonName", row.CommonName);
        writer.WriteString("SerialNumber", row.SerialNumber.ToString());
        writer.WriteString("Expires", Rfc3339.Text(row.Expires));
    }

    private static void Write(Utf8JsonWriter writer, Reminder reminder)
    {
        WriteRow(writer, reminder.Row);
        writer.WriteNumber("DaysRemaining", reminder.DaysRemaining);
    }

    private static void WritePlace(Utf8JsonWriter writer, ListPlace place)
    {
        writer.WriteString("File", place.File);
        writer.WriteNumber("Position", place.Position);
        JsonText.WriteNumber(writer, "Line", place.Line);
    }
}
