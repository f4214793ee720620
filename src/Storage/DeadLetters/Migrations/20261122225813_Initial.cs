using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.Storage.DeadLetters.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "storage_dead_letters",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: true),
                    Channel = table.Column<string>(type: "TEXT", nullable: false),
                    Topic = table.Column<string>(type: "TEXT", nullable: false),
                    Source = table.Column<string>(type: "TEXT", nullable: false),
                    ContentType = table.Column<string>(type: "TEXT", nullable: true),
                    Payload = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PayloadBytes = table.Column<int>(type: "INTEGER", nullable: false),
                    Rejects = table.Column<string>(type: "TEXT", nullable: false),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ReplayedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ReplayOutcome = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_storage_dead_letters", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_storage_dead_letters_ReceivedAt",
                table: "storage_dead_letters",
                column: "ReceivedAt");

            migrationBuilder.CreateIndex(
                name: "IX_storage_dead_letters_Tenant_Device_Id",
                table: "storage_dead_letters",
                columns: new[] { "Tenant", "Device", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "storage_dead_letters");
        }
    }
}
