using System.Text.Json;

namespace ServerlessCA.Terraform.Tests.Watching;

/// <summary>Checks the matching of events by examples of EventBridge's documentation.</summary>
public sealed class EventPatternTests
{
    private const string Instance = """
        {"version": "0", "source": "aws.ec2", "account": "111122223333", "resources": ["arn:aws:ec2:us-west-1:111122223333:instance/i-1234", "arn:other"],
         "detail": {"instance-id": "i-1234", "state": "terminated", "count": 3, "nothing": null, "parts": [{"ARN": "a", "type": "x"}, {"ARN": "b"}]}}
        """;

    [Theory]
    [InlineData("""{"source": ["aws.ec2"]}""", true)]
    [InlineData("""{"source": ["aws.ec2", "aws.s3"], "detail": {"state": ["terminated"]}}""", true)]
    [InlineData("""{"source": ["aws.ec2"], "detail": {"state": ["running"]}}""", false)]
    [InlineData("""{"source": ["aws.EC2"]}""", false)]
    [InlineData("""{"detail": {"missing": ["terminated"]}}""", false)]
    [InlineData("""{"resources": ["arn:other"]}""", true)]
    [InlineData("""{"resources": ["arn:none"]}""", false)]
    [InlineData("""{"detail": {"parts": {"ARN": ["b"]}}}""", true)]
    [InlineData("""{"detail": {"parts": {"ARN": ["b"], "type": ["x"]}}}""", false)]
    [InlineData("""{"detail": {"count": [3]}}""", true)]
    [InlineData("""{"detail": {"count": ["3"]}}""", false)]
    [InlineData("""{"detail": {"nothing": [null]}}""", true)]
    [InlineData("""{"detail": {"nothing": {"ARN": ["a"]}}}""", false)]
    [InlineData("""{"source": ["aws.ec2"], "$or": [{"account": ["1"]}, {"detail": {"state": ["terminated"]}}]}""", true)]
    [InlineData("""{"source": ["aws.ec2"], "$or": [{"account": ["1"]}, {"detail": {"state": ["running"]}}]}""", false)]
    public void Matches_what_every_field_allows(string pattern, bool expected) => Assert.Equal(expected, EventPattern.Matches(pattern, Instance));

    [Fact]
    public void A_filter_that_is_not_understood_here_matches_nothing_silently() =>
        Assert.Throws<ArgumentException>(() => EventPattern.Matches("""{"source": [{"prefix": "aws."}]}""", Instance));

    [Fact]
    public void A_template_takes_what_its_paths_find() => Assert.Equal(
        """{"state": "terminated", "first": "a", "none": ""}""",
        EventPattern.Transform(
            """{"state": "<state>", "first": "<first>", "none": "<none>"}""",
            JsonElement.Parse("""{"state": "$.detail.state", "first": "$.detail.parts[0].ARN", "none": "$.detail.errorCode"}"""), Instance));
}
