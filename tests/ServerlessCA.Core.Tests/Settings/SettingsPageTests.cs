using Xunit;

namespace ServerlessCA.Core.Tests.Settings;

/// <summary><c>docs/settings.md</c>. UPDATE_GOLDEN=1 writes it anew.</summary>
public sealed class SettingsPageTests
{
    [Fact]
    public void The_page_of_settings_is_written_from_the_schema()
    {
        string file = Path.Combine(Root(), "docs", "settings.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, SettingsPage.Write());
        }

        Assert.Equal(SettingsPage.Write(), File.ReadAllText(file));
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServerlessCA.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("ServerlessCA.slnx is in no folder above the tests");
    }
}
