using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.Fleet.Database.Migrations
{
    /// <inheritdoc />
    public partial class Updates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "fleet_update_artefacts",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    ReleaseCounter = table.Column<long>(type: "INTEGER", nullable: false),
                    DocumentJson = table.Column<string>(type: "TEXT", nullable: false),
                    UploadedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UploadedBy = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_fleet_update_artefacts", x => new { x.Tenant, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "fleet_update_campaigns",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Artefact = table.Column<string>(type: "TEXT", nullable: false),
                    DefinitionJson = table.Column<string>(type: "TEXT", nullable: false),
                    WaveNamesJson = table.Column<string>(type: "TEXT", nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    Wave = table.Column<int>(type: "INTEGER", nullable: false),
                    SoakUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Waiting = table.Column<string>(type: "TEXT", nullable: true),
                    LetPass = table.Column<int>(type: "INTEGER", nullable: true),
                    Judged = table.Column<bool>(type: "INTEGER", nullable: false),
                    ComparisonsJson = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_fleet_update_campaigns", x => new { x.Tenant, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "fleet_update_devices",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Campaign = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: false),
                    Wave = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    Phase = table.Column<byte>(type: "INTEGER", nullable: true),
                    Detail = table.Column<string>(type: "TEXT", nullable: true),
                    FromVersion = table.Column<string>(type: "TEXT", nullable: true),
                    Counter = table.Column<long>(type: "INTEGER", nullable: false),
                    OfferJson = table.Column<string>(type: "TEXT", nullable: true),
                    Command = table.Column<string>(type: "TEXT", nullable: true),
                    OfferedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_fleet_update_devices", x => new { x.Tenant, x.Campaign, x.Device });
                });

            migrationBuilder.CreateIndex(
                name: "IX_fleet_update_artefacts_Tenant_Name_ReleaseCounter",
                table: "fleet_update_artefacts",
                columns: new[] { "Tenant", "Name", "ReleaseCounter" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_fleet_update_devices_Tenant_Campaign_State",
                table: "fleet_update_devices",
                columns: new[] { "Tenant", "Campaign", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_fleet_update_devices_Tenant_Device",
                table: "fleet_update_devices",
                columns: new[] { "Tenant", "Device" },
                unique: true,
                filter: "State = 1");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "fleet_update_artefacts");

            migrationBuilder.DropTable(
                name: "fleet_update_campaigns");

            migrationBuilder.DropTable(
                name: "fleet_update_devices");
        }
    }
}
