using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Expiry;

/// <summary>The certificates behind the entries of <c>tls.json</c> that carry no <c>NotifyExpiry</c>: the original
/// wrote none at first, and reminds of them (SPEC section 8). One broken entry silences nobody else (SPEC 12.15).</summary>
internal sealed class GitOpsCertificates(Deployment ca)
{
    public async IAsyncEnumerable<CertificateRecord> ListUnmarkedAsync(
        List<string> problems, [EnumeratorCancellation] CancellationToken cancellation)
    {
        GitOpsEntries entries = await GitOpsEntries.ReadAsync(ca.InternalFiles, cancellation);
        if (entries.Fault is { } fault)
        {
            problems.Add(fault);
        }

        for (int index = 0; index < entries.Elements.Count; index++)
        {
            (CertificateRecord? row, string? problem) = await FindAsync(entries.Elements[index], cancellation);
            if (problem is not null)
            {
                problems.Add($"{GitOpsEntries.FileKey}, entry {index + 1}: {problem}");
            }

            if (row is { NotifyExpiry: null })
            {
                yield return row;
            }
        }
    }

    // The newest row of the subject that the CSR's key belongs to.
    private async Task<(CertificateRecord? Row, string? Problem)> FindAsync(JsonElement element, CancellationToken cancellation)
    {
        if (!IssueRequest.TryRead(element, out IssueRequest? request, out Rejection? why))
        {
            return (null, why.Message);
        }

        RequestFields fields = new RequestReader(ca.Settings).Read(request);
        if (fields.CommonName is not { } name || fields.CsrFile is not { } file)
        {
            return (null, "it needs common_name and csr_file");
        }

        IReadOnlyList<CertificateRecord> rows = await ca.Ledger.FindByNameAsync(name, cancellation);
        if (rows.All(row => row.NotifyExpiry is not null))
        {
            return (null, null); // marked rows are found by their day of expiry
        }

        StoredFile? stored = await ca.InternalFiles.ReadAsync($"csrs/{file}", cancellation);
        if (stored is null)
        {
            return (null, null); // gone after it was issued
        }

        if (!CertificateSigningRequest.TryParsePem(Encoding.UTF8.GetString(stored.Content.Span), out CertificateSigningRequest? csr, out string? fault))
        {
            return (null, fault);
        }

        ReadOnlyMemory<byte>? subject = rows.Where(row => KeyReuse.KeyOf(row) == csr.PublicKey.Hash).Select(Renewal.SubjectOf).FirstOrDefault();
        CertificateRecord? newest = subject is not { } own ? null : rows
            .Where(row => Renewal.SubjectOf(row) is { } others && others.Span.SequenceEqual(own.Span))
            .MaxBy(row => row.Issued);
        return (newest, null);
    }
}
