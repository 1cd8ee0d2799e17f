using System.Runtime.CompilerServices;
using System.Text.Json;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Expiry;

/// <summary>The certificates behind the entries of <c>tls.json</c>. The original wrote no <c>NotifyExpiry</c> at first and
/// reminds of them all the same (contract section 8); rows that have it may be missing from the list of those that expire,
/// until they are migrated. One broken entry silences nobody else (contract 12.15).</summary>
internal sealed class GitOpsCertificates(Deployment ca)
{
    public async IAsyncEnumerable<CertificateRecord> ListAsync(
        List<string> problems, [EnumeratorCancellation] CancellationToken cancellation)
    {
        GitOpsEntries entries = await GitOpsEntries.ReadAsync(ca.InternalFiles, cancellation);
        if (entries.Fault is { } fault)
        {
            problems.Add(fault);
        }

        await foreach (((int index, _), (IEnumerable<CertificateRecord> rows, string? problem)) in LookUps.OfAsync(
            entries.Elements.Index(), entry => FindAsync(entry.Item, cancellation), cancellation))
        {
            if (problem is not null)
            {
                problems.Add($"{GitOpsEntries.FileKey}, entry {index + 1}: {problem}");
            }

            foreach (CertificateRecord row in rows)
            {
                yield return row;
            }
        }
    }

    private async Task<(IEnumerable<CertificateRecord> Rows, string? Problem)> FindAsync(JsonElement element, CancellationToken cancellation)
    {
        if (!RequestReader.TryRead(element, ca.Settings.SingleLabelNames, out CertificateRequest? request, out Rejection? why))
        {
            return ([], why.Message);
        }

        if (request.CsrFile is not { } file)
        {
            return ([], "it needs csr_file");
        }

        (CertificateSigningRequest? named, string? unread) = request.CommonName is null ? await ReadCsrAsync(file, cancellation) : (null, null);
        if ((request.CommonName ?? named?.CommonName) is not { } name)
        {
            return ([], unread ?? "it needs common_name, since there is no CSR with one");
        }

        IReadOnlyList<CertificateRecord> rows = await ca.Ledger.FindByNameAsync(name, cancellation);
        IEnumerable<CertificateRecord> marked = rows.Where(row => row.NotifyExpiry is true);
        if (rows.All(row => row.NotifyExpiry is not null))
        {
            return (marked, null);
        }

        (CertificateRecord? newest, string? problem) = await NewestAsync(file, rows, cancellation);
        return (newest is { NotifyExpiry: null } ? marked.Append(newest) : marked, problem);
    }

    // The newest row of the subject that the CSR's key belongs to.
    private async Task<(CertificateRecord? Row, string? Problem)> NewestAsync(
        string file, IReadOnlyList<CertificateRecord> rows, CancellationToken cancellation)
    {
        (CertificateSigningRequest? csr, string? fault) = await ReadCsrAsync(file, cancellation);
        if (csr is null)
        {
            return (null, fault); // or gone after it was issued
        }

        ReadOnlyMemory<byte>? subject = rows.Where(row => KeyReuse.KeyOf(row) == csr.PublicKey.Hash).Select(Renewal.SubjectOf).FirstOrDefault();
        CertificateRecord? newest = subject is not { } own ? null : rows
            .Where(row => Renewal.SubjectOf(row) is { } others && others.Span.SequenceEqual(own.Span))
            .MaxBy(row => row.Issued);
        return (newest, null);
    }

    // Neither a CSR nor a fault: the file is gone.
    private async Task<(CertificateSigningRequest? Csr, string? Fault)> ReadCsrAsync(string file, CancellationToken cancellation)
    {
        try
        {
            if (await ca.InternalFiles.ReadAsync(GitOpsEntries.CsrKey(file), cancellation) is not { } stored)
            {
                return (null, null);
            }

            return !TextFile.TryRead(stored.Content.Span, out string? pem, out TextFault? unread) ? (null, $"{GitOpsEntries.CsrKey(Excerpt.Of(file))}: {unread}")
                : CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? csr, out string? fault) ? (csr, null)
                : (null, fault);
        }
        catch (FilesUnavailableException unfit) when (unfit.IsUnfit)
        {
            return (null, unfit.Message);
        }
    }
}
