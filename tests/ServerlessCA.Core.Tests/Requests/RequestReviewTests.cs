using System.Formats.Asn1;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Issuance;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>A common name stands in the request or in its CSR (contract 12.25).</summary>
public sealed class CsrNameTests
{
    [Theory]
    [InlineData("")]
    [InlineData("O=Example")]
    [InlineData("CN=other.example.test")]
    public async Task A_CSR_needs_no_common_name_when_the_request_has_one(string subject)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(csr: SomeRequests.Csr(subject))));

        Assert.Equal("client.example.test", issued.Record.CommonName);
        Assert.Equal(subject == "O=Example" ? "O=Example,CN=client.example.test" : "CN=client.example.test", issued.Subject);
        Assert.Empty(issued.Warnings);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_request_without_a_common_name_has_that_of_its_CSR(string? commonName)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        JsonObject request = SomeRequests.Direct(csr: SomeRequests.Csr("CN=www.example.test, O=Example"));
        request["common_name"] = commonName;

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(request));

        Certificate certificate = authority.CertificateOf(issued.Record);
        Assert.Equal("www.example.test", issued.Record.CommonName);
        Assert.Equal("O=Example,CN=www.example.test", issued.Subject);
        Assert.Contains("www.example.test", Encoding.ASCII.GetString(certificate.Find("2.5.29.17")!.Value.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("O=Example")]
    public async Task Without_a_common_name_in_either_it_is_refused(string subject)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        JsonObject request = SomeRequests.Direct(csr: SomeRequests.Csr(subject));
        request.Remove("common_name");

        IssueOutcome outcome = await authority.IssueAsync(request);

        Assert.Equal("""{"error":"CSR must include a Common Name","code":"csr_not_accepted"}""", outcome.Json);
        Assert.Equal([NotificationSubjects.Rejected], authority.Told);
    }

    /// <summary>The attribute is not left out, even when the request has another value for it (contract 12.24).</summary>
    [Theory]
    [InlineData("2.5.4.10", "organization", null)]
    [InlineData("2.5.4.10", "organization", "Mueller GmbH")]
    [InlineData("2.5.4.3", "common_name", null)]
    [InlineData("2.5.4.5", "2.5.4.5", null)]
    public async Task A_request_whose_CSR_cannot_be_decoded_is_refused_naming_the_attribute(string oid, string name, string? organization)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        byte[] subject = HandmadeRequests.Name(oid, UniversalTagNumber.PrintableString, "4dfc6c6c657220476d6248"); // Müller GmbH, Latin-1
        string csr = HandmadeRequests.Pem(HandmadeRequests.Der(SomeKeys.Other(), subject: subject));

        IssueOutcome outcome = await authority.IssueAsync(SomeRequests.Direct(csr: csr, more: new JsonObject { ["organization"] = organization }));

        Assert.Equal(
            $"base64_csr_data: CSR has a subject whose {name} cannot be decoded: its PrintableString is neither ASCII nor UTF-8; "
                + "make it again with UTF8String, as 'openssl req -utf8' does",
            Assert.IsType<IssueOutcome.Refused>(outcome).Why.Message);
        Assert.Equal([NotificationSubjects.Rejected], authority.Told);
    }

    [Fact]
    public async Task Of_several_common_names_the_request_has_to_choose()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        JsonObject request = SomeRequests.Direct(csr: SomeRequests.Csr("CN=a.example.test, CN=b.example.test"));
        request.Remove("common_name");

        IssueOutcome outcome = await authority.IssueAsync(request);

        Assert.Equal("""{"error":"common_name of the CSR has 2 values: name the right one in the request","code":"malformed"}""", outcome.Json);
    }

    [Fact]
    public async Task The_names_of_the_CAs_are_reserved_in_a_CSR_too()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        JsonObject request = SomeRequests.Direct(csr: SomeRequests.Csr($"CN={TestAuthority.IssuingName}"));
        request.Remove("common_name");

        Assert.Equal("""{"error":"Common name is reserved","code":"name_reserved"}""", (await authority.IssueAsync(request)).Json);
    }

    [Fact]
    public async Task An_entry_without_a_common_name_is_a_GitOps_entry_all_the_same()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/www.csr", SomeRequests.Csr("CN=www.example.test")).With("tls.json", """[{"csr_file": "www.csr", "lifetime": 90}]""");

        PipelineReport first = await authority.RunAsync();
        PipelineReport second = await authority.RunAsync();

        CertificateRecord row = Assert.Single(authority.Issued);
        Assert.Equal(("www.example.test", EntryStatus.Issued), (Assert.Single(first.Entries).CommonName, first.Entries[0].Status));
        Assert.Equal(EntryStatus.AlreadyIssued, Assert.Single(second.Entries).Status);
        Assert.Empty(second.Steps.SelectMany(step => step.Problems));
        Assert.True(row.NotifyExpiry);
        Assert.Equal([NotificationSubjects.Issued], authority.Told);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_an_answer_is_compared_with_has_the_name_of_the_CSR(bool isUtf16)
    {
        Encoding encoding = isUtf16 ? Encoding.Unicode : Encoding.UTF8;
        byte[] pem = [.. isUtf16 ? encoding.GetPreamble() : [], .. encoding.GetBytes(SomeRequests.Csr("CN=www.example.test"))];
        string base64 = Convert.ToBase64String(pem);

        Assert.True(RequestReader.TryParse(
            Encoding.UTF8.GetBytes($$"""{"base64_csr_data": "{{base64}}"}"""), singleLabels: true, out CertificateRequest? request, out _));
        var requested = RequestedContents.Of(request);
        var unknown = RequestedContents.Of(new CertificateRequest { Csr = new CsrSource.File("www.csr") });

        Assert.Equal("www.example.test", requested.CommonName);
        Assert.Equal(["www.example.test"], requested.SansFor("ignored.example.test").Select(name => name.Text));
        Assert.Null(unknown.CommonName);
        Assert.Equal(["www.example.test"], unknown.SansFor("www.example.test").Select(name => name.Text));
    }
}
