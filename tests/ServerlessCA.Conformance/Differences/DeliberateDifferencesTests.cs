using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace ServerlessCA.Conformance.Differences;

public sealed partial class DeliberateDifferencesTests
{
    private static readonly Lazy<IReadOnlyList<(ExpectedCase Case, IReadOnlyList<DeliberateDifference> Used)>> Worked = new(() =>
        [.. ExpectedTheme.All.SelectMany(theme => theme.File.Cases.Select(theme.Case))
            .Select(expected => (expected, DeliberateDifferences.WorkInto(expected)))]);

    [Fact]
    public void Every_difference_has_its_own_id_and_cites_a_clause()
    {
        Assert.All(DeliberateDifferences.All, difference => Assert.Matches("^12\\.([1-9]|[12][0-9]|3[01])$", difference.Clause));
        Assert.All(DeliberateDifferences.All, difference => Assert.NotEmpty(difference.Why));
        Assert.Equal(DeliberateDifferences.All.Count, DeliberateDifferences.All.Select(difference => difference.Id).Distinct().Count());
    }

    [Fact]
    public void Every_difference_concerns_some_case_and_every_case_that_it_names()
    {
        ILookup<string, string> used = Worked.Value
            .SelectMany(worked => worked.Used.Select(difference => (difference.Id, worked.Case.Name)))
            .ToLookup(pair => pair.Id, pair => pair.Name);

        Assert.All(DeliberateDifferences.All, difference => Assert.NotEmpty(used[difference.Id]));
        Assert.All(DeliberateDifferences.All, difference => Assert.Empty(difference.Cases.Concat(difference.Mends).Except(used[difference.Id])));
    }

    [Fact]
    public void Every_case_in_which_the_original_is_wrong_is_named_by_a_difference_or_among_those_that_stay()
    {
        string[] bugs = [.. ExpectedTheme.All.SelectMany(theme => theme.File.Cases).Where(scenario => scenario.Class == "bug").Select(scenario => scenario.Name)];
        string[] named = [.. DeliberateDifferences.All.SelectMany(difference => difference.Cases.Concat(difference.Mends)).Distinct()];

        Assert.True(bugs.Length > 100, $"{bugs.Length} cases");
        Assert.Equal(DeliberateDifferences.Kept.Keys.Order(), bugs.Except(named).Order());
        Assert.Empty(DeliberateDifferences.All.SelectMany(difference => difference.Mends).Except(bugs));
    }

    // General rules change other parts of an answer, such as a certificate that is sent alone.
    [Fact]
    public void Where_we_do_what_the_original_does_only_general_rules_differ() => Assert.All(DeliberateDifferences.Kept.Keys, name => Assert.DoesNotContain(
        Worked.Value.Single(worked => worked.Case.Name == name).Used, difference => difference.Cases.Count > 0));

    [Fact]
    public void We_never_fail_where_the_original_did() => Assert.Equal(
        [], Worked.Value.Where(worked => worked.Case.Steps.Any(step => step.Form["outcome"]?["exception"] is not null)).Select(worked => worked.Case.Name));

    [Fact]
    public void Every_name_of_a_certificate_or_crl_means_one_that_there_is() => Assert.All(Worked.Value, worked =>
    {
        int quiet = worked.Case.Scenario.Setup.Count;
        string[] known = [.. Enumerable.Range(1, quiet).Select(number => $"cert-{number.ToString(CultureInfo.InvariantCulture)}"),
            .. worked.Case.Certificates.Select(found => found.Key), .. worked.Case.Crls.Select(found => found.Key)];
        string[] meant = [.. Label.Matches(worked.Case.Form.ToJsonString()).Select(found => found.Value).Distinct()];

        Assert.Empty(meant.Except(known));
        Assert.Equal(worked.Case.Certificates.Count, worked.Case.Certificates.Select(found => found.Key).Distinct().Count());
    });

    [Fact]
    public void Our_opinion_of_subjects_is_that_of_the_original_wherever_it_issued()
    {
        ExpectedStep[] issued = [.. ExpectedTheme.All.SelectMany(theme => theme.File.Cases.Select(theme.Case))
            .SelectMany(expected => expected.Requests).Where(request => request.IssuedLabel is not null && request.Csr is not null)];

        Assert.True(issued.Length > 500);
        Assert.All(issued, request => Assert.Equal(
            request.Answer!["Subject"]!.GetValue<string>(), WouldBeSubject.Of(request.Input, request.Csr!)));
    }

    [Fact]
    public void A_refused_request_leaves_no_gap_in_the_names()
    {
        ExpectedCase expected = Worked.Value.Single(worked => worked.Case.Name == "combinations/04").Case;

        Assert.Equal(["cert-3", "cert-4"], expected.Certificates.Select(found => found.Key));
        Assert.Equal("Private key has already been used for a certificate", expected.Steps[1].Refusal);
        Assert.Equal(
            """[{"type":"DNS_NAME","value":"n2.example.com"},{"type":"DNS_NAME","value":"n6.example.com"}]""",
            expected.Steps[1].Notifications[0]!["message"]!["CSRInfo"]!["SANs"]!.ToJsonString());
        Assert.Equal("<serial cert-4>", expected.Steps[2].Answer!["CertificateInfo"]!["SerialNumber"]!.GetValue<string>());
        Assert.Equal("<PEM cert-4>\n", expected.Steps[2].Rows[0]!["item"]!["Certificate"]!["B"]!["$base64"]!.GetValue<string>());
    }

    [Fact]
    public void Key_usage_changes_only_where_the_key_cannot_encipher()
    {
        JsonObject Usage(string name) => Worked.Value.Single(worked => worked.Case.Name == name).Case.Steps[0].Extension("keyUsage")!["value"]!.AsObject();

        Assert.Equal("""{"bits":["digitalSignature","keyEncipherment"],"unused_bits":5}""", Usage("csr-input/key-rsa2048").ToJsonString());
        Assert.Equal("""{"bits":["digitalSignature"],"unused_bits":7}""", Usage("csr-input/key-p256").ToJsonString());
        Assert.Equal("""{"bits":["digitalSignature"],"unused_bits":7}""", Usage("csr-input/key-ed25519").ToJsonString());
    }

    [GeneratedRegex(@"(?<=[""\s])(cert|crl)-\d+(?=[""> \\])", RegexOptions.CultureInvariant)]
    private static partial Regex Label { get; }
}
