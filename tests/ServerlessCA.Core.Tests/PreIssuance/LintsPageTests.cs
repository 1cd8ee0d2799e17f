using Xunit;

namespace ServerlessCA.Core.Tests.PreIssuance;

/// <summary><c>docs/lints.md</c>. UPDATE_GOLDEN=1 writes it anew.</summary>
public sealed class LintsPageTests
{
    [Fact]
    public void The_page_of_lints_is_written_from_the_lints()
    {
        string file = Repository.At("docs", "lints.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, LintsPage.Write());
        }

        Assert.Equal(LintsPage.Write(), File.ReadAllText(file));
    }
}
