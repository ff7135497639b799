// Whose tokens do people bring where the context names no issuer? Those of a user pool of the stack's own, which an administrator fills.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  StandardThreatProtectionMode,
  StringAttribute,
  UserPool,
  UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { TokenIssuer } from './settings.ts';

/** What an administrator says of a person: vendor or partner, of which tenant, and for which partner. */
const attributes = ['role', 'tenant', 'partner'] as const;

export class People extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly tokens: TokenIssuer;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      standardAttributes: { email: { required: true, mutable: true } },
      customAttributes: Object.fromEntries(
        attributes.map((name) => [name, new StringAttribute({ minLen: 1, maxLen: 128, mutable: true })]),
      ),
      autoVerify: { email: true },
      keepOriginal: { email: true },
      passwordPolicy: {
        minLength: 14,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const email = new ClientAttributes().withStandardAttributes({ email: true });
    this.client = new UserPoolClient(this, 'Client', {
      userPool: this.pool,
      generateSecret: false,
      // SRP for apps; the password itself, over TLS, for scripts. Either then asks for the second factor.
      authFlows: { userSrp: true, userPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
      readAttributes: email.withCustomAttributes(...attributes),
      // Whoever could write the others by this client would choose their own role and tenant.
      writeAttributes: email,
    });
    this.tokens = {
      issuer: this.pool.userPoolProviderUrl,
      // Id tokens: they carry the attributes, and name the client as their audience; access tokens do neither.
      audience: this.client.userPoolClientId,
      claims: { role: 'custom:role', tenant: 'custom:tenant', partner: 'custom:partner' },
    };
  }
}
