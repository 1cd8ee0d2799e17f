namespace ServerlessCA.HowTo.Tests;

/// <summary>Tests the how-to pages by following them, command by command, with the real programs.</summary>
public sealed class ProgramPageTests
{
    [Theory]
    [InlineData("nginx", "nginx", "nginx-light")]
    public async Task A_page_works_when_it_is_followed(string page, string program, string package)
    {
        ForeignProgram.SkipUnlessInstalled(program, package);
        ForeignProgram.SkipUnlessInstalled("curl", "curl");
        OpenSsl.IsNeeded();

        await HowToShell.FollowAsync(HowToPage.Read(page));
    }
}
