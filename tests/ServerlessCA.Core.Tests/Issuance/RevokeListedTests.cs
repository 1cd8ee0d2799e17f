using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests contract 12.22: an entry of a revocation list that was not carried out has failed, and nothing looks
/// green.</summary>
public sealed class FailedEntryTests
{
    public static TheoryData<string, string> BadEntries => new()
    {
        { """{"common_name":"nobody","serial_number":"77"}""", "there is no certificate with serial number 77" },
        { """{"common_name":"NAME","serial":"SERIAL"}""", "'serial' is not known" },
        { """{"common_name":"other.example.test","serial_number":"SERIAL"}""", "is 'NAME', not 'other.example.test'" },
        { """{"common_name":"NAME","serial_number":"0xZZ"}""", "serial_number must be" },
        { """{"common_name":"NAME","serial_number":"SERIAL","reasn":"keyCompromise"}""", "did you mean 'reason'" },
        { """{"common_name":"NAME","serial_number":"SERIAL","reason":"stolen"}""", "reason is none of" },
        { """["NAME","SERIAL"]""", "must be a map" },
    };

    [Theory]
    [MemberData(nameof(BadEntries))]
    public async Task It_fails_the_step_and_the_function_and_is_announced_once_while_the_others_take_effect(string entry, string why)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord meant = await authority.IssuedAsync("meant.example.test");
        CertificateRecord good = await authority.IssuedAsync();
        string Filled(string text) => text.Replace("NAME", meant.CommonName, StringComparison.Ordinal).Replace("SERIAL", meant.SerialNumber.ToString(), StringComparison.Ordinal);
        authority.Internal.With("revoked.json", $"[{Filled(entry)}, {SomeRevocations.EntryOf(good).ToJsonString()}]");

        PipelineReport report = await authority.RunAsync();
        authority.Clock.Advance(TimeSpan.FromDays(1));
        authority.Internal.With("revoked.json", $"[{SomeRevocations.EntryOf(good).ToJsonString()}, {Filled(entry)}]"); // elsewhere, and the same
        await authority.RunAsync();

        StepResult step = report.Steps.Single(step => step.Step == CaFunction.IssuingCaCrl);
        Assert.Equal((StepStatus.Failed, true), (step.Status, report.Failed));
        Assert.Contains("1 entry of revoked.json failed", step.Message, StringComparison.Ordinal);
        Assert.Contains(Filled(why), Assert.Single(step.Problems), StringComparison.Ordinal);
        Assert.Contains(good.SerialNumber, authority.Crl().Entries().Select(found => found.SerialNumber));
        StepFailedException thrown = await Assert.ThrowsAsync<StepFailedException>(
            () => new InvokeFunction(authority.Deployment).RunAsync(CaFunction.IssuingCaCrl, "{}"u8.ToArray(), CancellationToken.None));
        Assert.Contains(Filled(why), thrown.Message, StringComparison.Ordinal);

        JsonNode sent = JsonNode.Parse(authority.Notifier.Delivered.Single(one => one.Subject == "Revocation Failed").Json)!;
        Assert.Equal(["File", "Entry", "CommonName", "SerialNumber", "Reason"], sent.AsObject().Select(member => member.Key));
        Assert.Equal(("revoked.json", 1), (sent["File"]!.GetValue<string>(), sent["Entry"]!.GetValue<int>()));
        Assert.Contains(Filled(why), sent["Reason"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ONE.example.test")]
    [InlineData(" one.example.test ")]
    [InlineData("\uFF4F\uFF4E\uFF45.example.test")] // full width
    public async Task Names_that_differ_in_case_white_space_or_width_are_one_with_a_warning(string name)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.IssuedAsync("one.example.test");
        authority.List(SomeRevocations.Entry(name, row.SerialNumber.ToString()));

        CrlOutcome outcome = await authority.PublishAsync();

        Assert.Equal((false, 1, 1), (outcome.Failed, outcome.EntryCount, outcome.NewlyRevoked));
        Assert.Contains("counts as 'one.example.test'", Assert.Single(outcome.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one\u200B.example.test")]
    [InlineData("0ne.example.test")]
    public async Task Names_that_differ_otherwise_are_not(string name)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.IssuedAsync("one.example.test");
        authority.List(SomeRevocations.Entry(name, row.SerialNumber.ToString()));

        CrlOutcome outcome = await authority.PublishAsync();

        string why = Assert.Single(outcome.Failures).Reason;
        Assert.Contains("'one.example.test'", why, StringComparison.Ordinal);
        Assert.Contains($"'{name}'", why, StringComparison.Ordinal);
        Assert.Null(authority.RowOf(row)!.Revoked);
    }

    [Fact]
    public async Task Without_a_name_the_serial_number_alone_counts_in_every_form()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        byte[] octets = new byte[SerialNumber.MaxOctets];
        var forms = new List<Func<SerialNumber, string>>
        {
            serial => serial.ToString(),
            serial => "0x" + Hex(serial),
            serial => Hex(serial).ToLowerInvariant(),
            serial => "serial=" + Hex(serial),
            serial => "serial=" + string.Join(':', Hex(serial).Chunk(2).Select(pair => new string(pair))),
            serial => string.Join(':', Hex(serial).Chunk(2).Select(pair => new string(pair))),
            serial => " " + string.Join(' ', Hex(serial).Chunk(2).Select(pair => new string(pair))) + " ",
        };
        CertificateRecord[] rows = await Task.WhenAll(forms.Select(_ => authority.IssuedAsync()));
        authority.List([.. rows.Zip(forms, (row, form) => SomeRevocations.Entry(null, form(row.SerialNumber)))]);

        CrlOutcome outcome = await authority.PublishAsync();

        Assert.Equal((false, rows.Length), (outcome.Failed, outcome.EntryCount));
        Assert.Equal(rows.Select(row => row.SerialNumber).Order(), authority.Crl().Entries().Select(entry => entry.SerialNumber));

        string Hex(SerialNumber serial)
        {
            serial.WriteBigEndian(octets);
            return Convert.ToHexString(octets);
        }
    }

    [Theory]
    [InlineData(new[] { "4660" }, "4660")] // decimal, as in the table
    [InlineData(new[] { "18016" }, "18016")] // 0x4660
    [InlineData(new[] { "4660", "18016" }, "4660")]
    public async Task Digits_alone_are_hexadecimal_only_if_no_row_has_the_decimal_number(string[] there, string expected)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord model = await authority.IssuedAsync();
        foreach (string serial in there)
        {
            authority.Ledger.Plant(model with { CommonName = $"planted {serial}", SerialNumber = SerialNumber.Parse(serial) });
        }

        authority.List(SomeRevocations.Entry(null, "4660"));

        Assert.False((await authority.PublishAsync()).Failed);
        Assert.Equal([SerialNumber.Parse(expected)], authority.Crl().Entries().Select(entry => entry.SerialNumber));
    }

    [Fact]
    public async Task Duplicates_in_every_form_count_once_and_the_gravest_reason_stays_with_the_first_date()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.IssuedAsync();
        authority.List(SomeRevocations.EntryOf(row).With("reason", "superseded"));
        await authority.PublishAsync();
        DateTimeOffset first = TableTime.WholeSeconds(authority.Clock.GetUtcNow());
        authority.Clock.Advance(TimeSpan.FromDays(1));
        authority.List(
            SomeRevocations.EntryOf(row).With("reason", "superseded"),
            SomeRevocations.Entry(null, row.SerialNumber.ToString()).With("reason", "keyCompromise"),
            SomeRevocations.Entry(row.CommonName.ToUpperInvariant(), row.SerialNumber.ToString()));

        CrlOutcome outcome = await authority.PublishAsync();

        Assert.Equal((false, 0), (outcome.Failed, outcome.NewlyRevoked));
        Assert.Equal(new CrlEntry(row.SerialNumber, first, RevocationReason.KeyCompromise), Assert.Single(authority.Crl().Entries()));
        Assert.Equal(new CertificateRevocation(first, RevocationReason.KeyCompromise), authority.RowOf(row)!.Revoked);
        Assert.Single(authority.Told, "Certificate Revoked");
    }

    [Fact]
    public async Task A_certificate_in_the_wrong_list_has_failed_with_the_right_one_named()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord leaf = await authority.IssuedAsync();
        CertificateRecord issuing = authority.RowOf(TestAuthority.IssuingName);
        authority.List(SomeRevocations.EntryOf(issuing));
        authority.Internal.With("revoked-root-ca.json", $"[{SomeRevocations.EntryOf(leaf).ToJsonString()}, {SomeRevocations.EntryOf(authority.RowOf(TestAuthority.RootName)).ToJsonString()}]");

        PipelineReport report = await authority.RunAsync();

        IReadOnlyList<string> ofRoot = report.Steps.Single(step => step.Step == CaFunction.RootCaCrl).Problems;
        Assert.Contains("it belongs in revoked.json", ofRoot[0], StringComparison.Ordinal);
        Assert.Contains("cannot revoke itself", ofRoot[1], StringComparison.Ordinal);
        Assert.Contains("it belongs in revoked-root-ca.json", Assert.Single(report.Steps.Single(step => step.Step == CaFunction.IssuingCaCrl).Problems), StringComparison.Ordinal);
        Assert.Equal(3, authority.Told.Count(subject => subject == "Revocation Failed"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_certificate_of_another_CA_key_is_carried_out_if_that_CA_is_revoked_or_it_has_expired(bool revoked, bool expired)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord leaf = await authority.IssuedAsync();
        CertificateRecord old = authority.RowOf(TestAuthority.IssuingName);
        authority.Ledger.Plant(old with { Issued = old.Issued.AddDays(-1), Revoked = revoked ? new CertificateRevocation(old.Issued) : null });
        authority.Keys.With(TestAuthority.IssuingName, KeySpec.EccNistP256);
        TestAuthority fresh = await TestAuthority.CreateAsync();
        CertificateRecord another = fresh.RowOf(TestAuthority.IssuingName);
        authority.Ledger.Plant(another);
        authority.List(SomeRevocations.EntryOf(leaf));
        authority.Clock.Advance(expired ? TimeSpan.FromDays(40) : TimeSpan.Zero);

        CrlOutcome outcome = await (authority.Deployment with { Keys = fresh.Keys }).PublishAsync();

        Assert.Equal(revoked || expired ? 0 : 1, outcome.Failures.Count);
        Assert.Equal(0, outcome.EntryCount);
    }

    [Fact]
    public async Task An_unrecorded_serial_number_goes_onto_the_CRL_and_stays_without_its_entry()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.List(
            SomeRevocations.Entry("lost.example.test", "0x7fffffffffffffffffffffffffffffffffffffff").With("unrecorded", true).With("reason", "keyCompromise"));

        CrlOutcome first = await authority.PublishAsync();
        CrlEntry entry = Assert.Single(authority.Crl().Entries());
        authority.Clock.Advance(TimeSpan.FromDays(400));
        authority.List();
        CrlOutcome later = await authority.PublishAsync();

        Assert.False(first.Failed || later.Failed);
        Assert.Equal(RevocationReason.KeyCompromise, entry.Reason);
        Assert.Equal(entry, Assert.Single(authority.Crl().Entries()));
    }

    [Fact]
    public async Task An_unrecorded_one_that_expires_leaves_after_a_CRL_past_that_and_one_that_a_row_has_is_ordinary()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.IssuedAsync();
        authority.List(
            SomeRevocations.Entry(null, "99").With("unrecorded", true).With("expires", "2030-01-10"),
            SomeRevocations.EntryOf(row).With("unrecorded", true));

        var counts = new List<int>();
        for (int day = 0; day < 15; day++)
        {
            CrlOutcome outcome = await authority.PublishAsync();
            Assert.False(outcome.Failed);
            counts.Add(outcome.EntryCount);
            authority.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1], counts); // on that of 11 January for the last time
        Assert.NotNull(authority.RowOf(row)!.Revoked);
    }

    [Fact]
    public async Task A_refused_request_beside_a_failed_entry_leaves_the_run_failed_and_alone_it_does_not()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("tls.json", new JsonArray(SomeRequests.Entry("x.example.test", "none.csr")).ToJsonString());
        Assert.False((await authority.RunAsync()).Failed);

        authority.List(SomeRevocations.Entry("nobody", "1"));

        Assert.True((await authority.RunAsync()).Failed);
    }

    [Fact]
    public async Task What_left_after_expiry_is_carried_out_although_the_CRL_has_it_no_more()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.IssuedAsync(lifetime: 1);
        authority.List(SomeRevocations.EntryOf(row));
        for (int day = 0; day < 5; day++)
        {
            Assert.False((await authority.PublishAsync()).Failed);
            authority.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Empty(authority.Crl().Entries());
    }

    [Fact]
    public async Task An_entry_whose_row_cannot_be_read_is_carried_out_while_the_CRL_has_its_serial_number()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.RevokedAsync();
        await authority.PublishAsync();
        authority.Ledger.Plant(row with { IssuerKeyId = null, CertificatePem = "damaged" });
        authority.List(SomeRevocations.EntryOf(row));

        CrlOutcome outcome = await authority.PublishAsync();

        Assert.False(outcome.Failed, outcome.Message);
        Assert.Equal([row.SerialNumber], authority.Crl().Entries().Select(entry => entry.SerialNumber));
    }
}
