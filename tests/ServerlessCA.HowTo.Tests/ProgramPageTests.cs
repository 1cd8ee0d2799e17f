namespace ServerlessCA.HowTo.Tests;

/// <summary>Tests the how-to pages by following them, command by command, with the real programs.</summary>
public sealed class ProgramPageTests
{
    [Fact]
    public Task The_page_of_nginx_works() => FollowAsync("nginx", ("nginx", "nginx-light"));

    [Fact]
    public Task The_page_of_HAProxy_works() => FollowAsync("haproxy", ("haproxy", "haproxy"));

    [Fact]
    public Task The_page_of_PostgreSQL_works()
    {
        HowToShell.SkipUnlessPostgreSql();
        return FollowAsync("postgresql", ("psql", "postgresql"));
    }

    [Fact]
    public Task The_page_of_Node_works() => FollowAsync("node", ("node", "nodejs"));

    [Fact]
    public Task The_page_of_Python_works() => FollowAsync("python", ("python3", "python3"));

    [Fact]
    public Task The_page_of_Java_works() => FollowAsync("java", ("javac", "default-jdk-headless"));

    [Fact]
    public Task The_page_of_Kafka_works_as_far_as_Java_does() => FollowAsync("kafka", ("javac", "default-jdk-headless"));

    [Fact]
    public Task The_page_of_dotnet_works() => FollowAsync("dotnet", ("dotnet", "dotnet-sdk-10.0"));

    [Fact]
    public Task The_page_of_Go_works() => FollowAsync("go", ("go", "golang-go"));

    [Fact]
    public Task The_index_with_its_timer_works() => FollowAsync("README", ("curl", "curl"));

    private static async Task FollowAsync(string page, (string Name, string Package) program)
    {
        ForeignProgram.SkipUnlessInstalled(program.Name, program.Package);
        ForeignProgram.SkipUnlessInstalled("curl", "curl");
        OpenSsl.IsNeeded();

        await HowToShell.FollowAsync(HowToPage.Read(page), notAsRoot: page == "postgresql");
    }
}
