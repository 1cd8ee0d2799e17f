using ServerlessCA.Cli.Decoding;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Renewals;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Renewing;

/// <summary>Holds whether a certificate is to be renewed, and writes it for people and for programs. Immutable.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Decision">Whether, and why.</param>
/// <param name="Known">What the CA knows of it; null when no CA was asked.</param>
internal sealed record CheckedRenewal(Certificate Certificate, RenewalDecision Decision, KnownCertificate? Known)
{
    /// <summary>Builds the table for people.</summary>
    public TextTable Table() => new TextTable(columns: 2)
        .Add("Subject", GeneralNames.Name(Certificate.SubjectDer))
        .Add("Serial number", Certificate.SerialNumber.ToString())
        .Add("Expires", $"{TableTime.Text(Certificate.NotAfter)} UTC")
        .Add("Renewal due", $"{TableTime.Text(Decision.DueAt)} UTC")
        .Add("Needs renewal", new Cell(Why(), Decision.IsNeeded ? Tone.Warning : Tone.Good));

    /// <summary>Writes the object for programs.</summary>
    public string Json() => JsonText.Object(writer =>
    {
        writer.WriteString("Subject", GeneralNames.Name(Certificate.SubjectDer));
        writer.WriteString("SerialNumber", Certificate.SerialNumber.ToString());
        writer.WriteString("Expires", Rfc3339.Text(Certificate.NotAfter));
        writer.WriteString("Due", Rfc3339.Text(Decision.DueAt));
        writer.WriteBoolean("Needed", Decision.IsNeeded);
        writer.WriteString("Reason", Decision.Reason.ToString());
        writer.WriteBoolean("CaAsked", Known is not null);
        if (Known?.Revoked is { } revoked)
        {
            writer.WriteString("Revoked", Rfc3339.Text(revoked.At));
            writer.WriteString("RevocationReason", RevocationReasons.Name(revoked.Reason));
        }
    });

    private string Why() => Decision.Reason switch
    {
        RenewalReason.OtherCa => "yes: this CA did not issue it",
        RenewalReason.Revoked => $"yes: revoked since {TableTime.Text(Known!.Revoked!.At)} UTC, {RevocationReasons.Name(Known.Revoked.Reason)}",
        RenewalReason.Expired => "yes: it has expired",
        RenewalReason.Due => "yes: it is due",
        _ when Known is null => "not yet, by its dates alone: no CA was asked",
        _ => "not yet",
    };
}

/// <summary>Reads the certificate that is to be renewed.</summary>
internal static class RenewalInput
{
    private const int MaxOctets = 1 << 20; // octets, our decision: a certificate has a tenth of that

    /// <summary>Reads the certificates of a file: the one to renew, then those of CAs behind it.</summary>
    /// <exception cref="CommandFault">It cannot be read, or holds no certificate.</exception>
    public static async Task<IReadOnlyList<Certificate>> ReadAsync(string path, Surroundings here, CancellationToken cancellation)
    {
        byte[] content = await InputFile.BytesAsync(path, "FILE", MaxOctets, here.Clock, cancellation);
        Certificate[] found = [.. CertificateDecoder.Decode(content).Select(block => block.Certificate).OfType<Certificate>()];
        return found.Length > 0 ? found : throw CommandFault.Fault($"'{path}' holds no certificate", "name the file of the certificate, such as ~/certs/client-cert.pem");
    }
}
