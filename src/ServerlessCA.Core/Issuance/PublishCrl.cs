using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Publishes the CRL of one CA (contract section 4, 12.9, 12.21, 12.22): marks what the operator's list names, counts
/// the number up, signs, verifies, and replaces the very CRL whose entries it has taken over.</summary>
public sealed class PublishCrl
{
    private readonly Deployment ca;
    private readonly string caName;
    private readonly TimeSpan life;
    private readonly RevokeListed revokeListed;
    private readonly WarnOfCaExpiry warn;
    private readonly EventPublisher publisher;
    private readonly HistoryLog history;

    private PublishCrl(Deployment ca, string caName, TimeSpan life, bool notifyRevoked)
    {
        this.ca = ca;
        this.caName = caName;
        this.life = life;
        revokeListed = new RevokeListed(ca, notifyRevoked);
        warn = new WarnOfCaExpiry(ca);
        publisher = new EventPublisher(ca.Ledger, ca.Notifier);
        history = new HistoryLog(ca);
    }

    /// <summary>Makes the use case for the root CA, with <c>revoked-root-ca.json</c>.</summary>
    public static PublishCrl OfRoot(Deployment ca) => new(ca, ca.Settings.Names.RootCa, ca.Settings.RootCrlLife, notifyRevoked: false);

    /// <summary>Makes the use case for the issuing CA, with <c>revoked.json</c> and every revoked row.</summary>
    public static PublishCrl OfIssuing(Deployment ca) => new(ca, ca.Settings.Names.IssuingCa, ca.Settings.IssuingCrlLife, notifyRevoked: true);

    /// <summary>Makes the use case for a CA of the deployment, by its name.</summary>
    public static PublishCrl Of(Deployment ca, string caName) => caName == ca.Settings.Names.RootCa ? OfRoot(ca) : OfIssuing(ca);

    /// <summary>Finds the CRL that has to list a certificate, so that it can be published at once after a revocation; null when
    /// no CA of this deployment issued the certificate with its present key.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public static async Task<PublishCrl?> FindForAsync(Deployment ca, CertificateRecord row, CancellationToken cancellation) =>
        await CertificateAuthority.FindSignerAsync(ca.Ledger, ca.Settings.Names, row, cancellation) is { } signer ? Of(ca, signer.Name) : null;

    /// <summary>Gets the name of the file, DER; the same name with <c>.pem</c> added is beside it.</summary>
    public string FileKey => CaNames.CrlFile(caName);

    /// <inheritdoc cref="RunAsync(Action{CertificateRevocationList}, CancellationToken)"/>
    public Task<CrlOutcome> RunAsync(CancellationToken cancellation) => RunAsync(inPlace: null, cancellation);

    /// <summary>Runs it once.</summary>
    /// <param name="inPlace">Called with the new CRL once it is published in both forms, even if what follows fails.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">A number may be used up: run again.</exception>
    /// <exception cref="CaKeyUnavailableException">The CRL was not signed: run again.</exception>
    /// <exception cref="FilesUnavailableException">The CRL may be published in one of its forms: run again.</exception>
    public async Task<CrlOutcome> RunAsync(Action<CertificateRevocationList>? inPlace, CancellationToken cancellation)
    {
        if (await CaGenerations.FindAsync(ca.Ledger, caName, cancellation) is not { } cas)
        {
            return CrlDecision.OfNoCa.Outcome;
        }

        CertificateAuthority authority = cas.Newest;
        (var files, var marks) = (new CrlFiles(ca, authority), new CrlMarks(ca.Ledger, authority));
        await warn.DoAsync(warn.Decide(authority), cancellation);
        (LastCrl last, RevocationDecision decided) = await ReadAsync(cas, files, marks, cancellation);
        RevocationDecision listed = await revokeListed.DoAsync(decided, cancellation);
        CrlOutcome outcome = await PublishAsync(authority, files, marks, last, listed, inPlace, cancellation);
        outcome = outcome with { DaysRemaining = WarningTime.DaysRemaining(authority.Certificate.NotAfter, ca.Clock.GetUtcNow()) };
        foreach (EntryFailure failure in outcome.Failures)
        {
            await publisher.PublishAsync(RevocationMessages.Failed(failure), onceOnly: true, cancellation);
        }

        await Task.WhenAll(
            marks.NoteEntriesAsync(outcome.Failures.Count > 0 || outcome.ListFault is not null, last.Now, cancellation),
            history.PublishedAsync(authority.Name, outcome, cancellation));
        return outcome;
    }

    /// <summary>Decides what <see cref="RunAsync(CancellationToken)"/> would do now; changes nothing.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">The list or the published files cannot be read.</exception>
    public async Task<CrlDecision> DecideAsync(CancellationToken cancellation)
    {
        if (await CaGenerations.FindAsync(ca.Ledger, caName, cancellation) is not { } cas)
        {
            return CrlDecision.OfNoCa;
        }

        CertificateAuthority authority = cas.Newest;
        (var files, var marks) = (new CrlFiles(ca, authority), new CrlMarks(ca.Ledger, authority));
        (LastCrl last, RevocationDecision listed) = await ReadAsync(cas, files, marks, cancellation);
        var next = new NextCrl(ca, authority, listed);
        CaExpiryWarning? warning = warn.Decide(authority);
        if (last.IsAhead)
        {
            return next.Ahead(last) with { Warning = warning };
        }

        bool isFirst = last.InPlace.NothingLeft && !await marks.HavePublishedAsync(cancellation);
        bool isLost = last.InPlace.NothingLeft && !isFirst;
        DateTimeOffset? lostSince = isLost ? await marks.LossAsync(last.Now, cancellation) : await marks.LostSinceAsync(cancellation);
        long number = Math.Max((authority.Record.CrlNumber ?? 0) + 1, last.InPlace.Number + 1);
        return await next.DecideAsync(last, number, life, lostSince, cancellation) with { Warning = warning, IsFirst = isFirst };
    }

    private async Task<(LastCrl Last, RevocationDecision Listed)> ReadAsync(
        CaGenerations cas, CrlFiles files, CrlMarks marks, CancellationToken cancellation)
    {
        RevocationEntries list = await RevocationEntries.ReadAsync(ca.InternalFiles, RevocationEntries.FileKeyOf(ca.Settings.Names, caName), cancellation);
        LastCrl last = await LastCrl.ReadAsync(files, marks, ca.Clock, cancellation);
        return (last, await revokeListed.DecideAsync(cas, list, last, cancellation));
    }

    private async Task<CrlOutcome> PublishAsync(
        CertificateAuthority authority, CrlFiles files, CrlMarks marks, LastCrl last, RevocationDecision listed,
        Action<CertificateRevocationList>? inPlace, CancellationToken cancellation)
    {
        var next = new NextCrl(ca, authority, listed);
        bool isFirst = last.InPlace.NothingLeft && !await marks.HavePublishedAsync(cancellation);
        if (isFirst)
        {
            await marks.BeginAsync(last.Now, cancellation);
        }
        else if (last.InPlace.NothingLeft)
        {
            last = await LookAgainAsync(files, marks, cancellation);
        }

        DateTimeOffset? lostSince = await marks.LostSinceAsync(cancellation);
        for (int tries = 0; tries < CrlFiles.MaxTries; tries++)
        {
            if (last.IsAhead)
            {
                return next.Ahead(last).Outcome;
            }

            // The number is used up before the rows are read: whatever fails next, no two CRLs share one. A revocation takes
            // a number afterwards, so of CRLs made at once the last one lists all that was revoked before its number.
            long number = await ca.Ledger.NextCrlNumberAsync(authority.Row, last.InPlace.Number + 1, cancellation);
            CrlDecision decided = await next.DecideAsync(last, number, life, lostSince, cancellation);
            CertificateRevocationList crl = await SignAsync(authority, decided, cancellation);
            if (await files.CopyAsync(crl, last.InPlace, cancellation))
            {
                if (isFirst || last.InPlace.Published is null)
                {
                    await marks.PublishAsync(last.Now, cancellation);
                }

                if (await files.PublishAsync(crl, last.InPlace, cancellation))
                {
                    inPlace?.Invoke(crl);
                    return decided.Outcome;
                }
            }

            // Another run was quicker: its CRL is taken into account, too.
            last = await LastCrl.ReadAsync(files, marks, ca.Clock, cancellation);
        }

        throw CrlFiles.ReplacedTooOften(FileKey);
    }

    private async Task<CertificateRevocationList> SignAsync(CertificateAuthority authority, CrlDecision decided, CancellationToken cancellation)
    {
        foreach (RowMark mark in decided.Marks)
        {
            await ca.Ledger.RevokeAsync(mark.Row, mark.Revocation, mark.Key, null, null, cancellation);
        }

        ICaKey key = await authority.KeyAsync(ca.Keys, cancellation);
        return await CrlSigner.SignAsync(decided.Next!, key, cancellation);
    }

    // Another first run may have published since the files were read: its mark is written after its copy, so the copy is there. A
    // CRL that is gone is lost for good once another one is published: the loss is noted before that.
    private async Task<LastCrl> LookAgainAsync(CrlFiles files, CrlMarks marks, CancellationToken cancellation)
    {
        LastCrl last = await LastCrl.ReadAsync(files, marks, ca.Clock, cancellation);
        if (last.InPlace.NothingLeft)
        {
            await marks.LoseAsync(await marks.LossAsync(last.Now, cancellation), cancellation);
        }

        return last;
    }
}
